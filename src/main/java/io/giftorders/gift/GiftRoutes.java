package io.giftorders.gift;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.created;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.identity.Identity;
import io.giftorders.json.JsonBody;
import io.giftorders.json.Paging;
import io.giftorders.problem.Refusal;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class GiftRoutes {

    private final Gifts gifts;
    private final GiftFeed feed;
    private final Identity identity;

    GiftRoutes(Gifts gifts, GiftFeed feed, Identity identity) {
        this.gifts = gifts;
        this.feed = feed;
        this.identity = identity;
    }

    @Bean
    RouterFunction<ServerResponse> giftApi() {
        return route().GET("/gifts", this::list)
                .GET("/gifts/events", this::watch)
                .GET("/gifts/{id}", this::show)
                .add(operatorApi())
                .filter(Refusal::answered)
                .build();
    }

    private RouterFunction<ServerResponse> operatorApi() {
        return route().POST("/gifts", this::add)
                .PATCH("/gifts/{id}", this::change)
                .filter(identity::operators)
                .build();
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        long after = Paging.cursor(request, "after", 0);
        int limit = Paging.limit(request);
        return gifts.page(after, limit).flatMap(page -> ok().bodyValue(GiftPage.of(page, limit)));
    }

    private Mono<ServerResponse> watch(ServerRequest request) {
        return feed.watch(request.headers().firstHeader("Last-Event-ID"));
    }

    private Mono<ServerResponse> show(ServerRequest request) {
        long id = Paging.id(request, "id");
        return gifts.find(id)
                .switchIfEmpty(Mono.error(() -> new UnknownGift(id)))
                .flatMap(gift -> ok().bodyValue(gift));
    }

    private Mono<ServerResponse> add(ServerRequest request) {
        return JsonBody.object(request)
                .map(GiftForm::newGift)
                .flatMap(gifts::add)
                .flatMap(gift -> created(URI.create("/gifts/" + gift.id())).bodyValue(gift));
    }

    private Mono<ServerResponse> change(ServerRequest request) {
        long id = Paging.id(request, "id");
        return JsonBody.object(request)
                .map(GiftForm::change)
                .flatMap(form -> gifts.change(id, form::applyTo))
                .switchIfEmpty(Mono.error(() -> new UnknownGift(id)))
                .flatMap(gift -> ok().bodyValue(gift));
    }

    /** @param next where the following gifts are, or null at the end */
    private record GiftPage(List<Gift> gifts, @Nullable String next) {

        static GiftPage of(List<Gift> gifts, int limit) {
            boolean more = gifts.size() == limit;
            return new GiftPage(
                    gifts, more ? "/gifts?after=" + gifts.get(limit - 1).id() + "&limit=" + limit : null);
        }
    }
}
