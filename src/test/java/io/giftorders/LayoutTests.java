package io.giftorders;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.giftorders.database.AtStart;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where things live, and which way the arrows point. */
class LayoutTests {

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.giftorders");

    private static final Set<String> BLOCKING =
            Set.of("block", "blockOptional", "blockFirst", "blockLast", "toIterable", "toStream");

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.giftorders.(**)").should().beFreeOfCycles());
    }

    @Test
    void giftsKnowNoOrdersAndOrdersKnowNoPayment() {
        check(noClasses()
                .that()
                .resideInAPackage("..gift..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.giftorders.order..", "io.giftorders.payment.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.giftorders.order..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.giftorders.payment.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.giftorders.order")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.giftorders.order.placement.."));
    }

    @Test
    void whatServesEveryoneKnowsNoFeature() {
        check(noClasses()
                .that()
                .resideInAnyPackage("..problem..", "..json..", "..identity..", "..database..", "..live..", "..work..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.giftorders.gift..", "io.giftorders.order..", "io.giftorders.payment.."));
    }

    @Test
    void routesAndSettingsAreNobodyElsesBusiness() {
        check(noClasses()
                .that()
                .haveSimpleNameEndingWith("Routes")
                .or()
                .haveSimpleNameEndingWith("Properties")
                .or()
                .haveSimpleNameEndingWith("Configuration")
                .should()
                .bePublic());
    }

    @Test
    void onlyTheStartWaits() {
        check(noClasses()
                .that()
                .doNotBelongToAnyOf(AtStart.class)
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe("a publisher is blocked on", call -> waits(call.getTarget())))
                .orShould()
                .callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void onlyItsOwnPackageKnowsAlipaysSdk() {
        check(classes()
                .that(are(DescribedPredicate.describe(
                        "using Alipay's SDK", one -> one.getDirectDependenciesFromSelf().stream()
                                .anyMatch(use ->
                                        use.getTargetClass().getPackageName().startsWith("com.alipay")))))
                .should()
                .resideInAPackage("io.giftorders.payment.alipay"));
    }

    private static boolean waits(AccessTarget.MethodCallTarget target) {
        boolean publisher = target.getOwner().isAssignableTo(Mono.class)
                || target.getOwner().isAssignableTo(Flux.class);
        return publisher && BLOCKING.contains(target.getName());
    }

    private static void check(ArchRule rule) {
        rule.check(SERVICE);
    }
}
