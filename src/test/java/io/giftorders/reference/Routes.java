package io.giftorders.reference;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** Walks router functions and notes the calls they answer, such as {@code GET /gifts/{id}}. Files are no calls. */
final class Routes implements RouterFunctions.Visitor {

    private final Set<String> calls = new TreeSet<>();
    private final Deque<Match> around = new ArrayDeque<>();

    static Set<String> of(Collection<? extends RouterFunction<?>> functions) {
        Routes routes = new Routes();
        functions.forEach(function -> function.accept(routes));
        return routes.calls;
    }

    @Override
    public void startNested(RequestPredicate predicate) {
        around.addLast(Match.of(predicate));
    }

    @Override
    public void endNested(RequestPredicate predicate) {
        around.removeLast();
    }

    @Override
    public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
        StringBuilder path = new StringBuilder();
        Set<HttpMethod> methods = Set.of();
        around.addLast(Match.of(predicate));
        for (Match match : around) {
            path.append(match.path);
            methods = match.methods.isEmpty() ? methods : match.methods;
        }
        around.removeLast();
        methods.forEach(method -> calls.add(method + " " + path));
    }

    @Override
    public void resources(Function<ServerRequest, Mono<Resource>> lookup) {}

    @Override
    public void attributes(Map<String, Object> attributes) {}

    @Override
    public void unknown(RouterFunction<?> function) {
        throw new IllegalStateException("cannot be walked: " + function);
    }

    /** Method and path of a predicate. Others beside them make a route answer less, and are left out. */
    private static final class Match implements RequestPredicates.Visitor {

        private Set<HttpMethod> methods = Set.of();
        private String path = "";

        static Match of(RequestPredicate predicate) {
            Match match = new Match();
            predicate.accept(match);
            return match;
        }

        @Override
        public void method(Set<HttpMethod> some) {
            methods = some;
        }

        /** The document has no patterns in its paths: {@code {id:[0-9]+}} is {@code {id}} there. */
        @Override
        public void path(String pattern) {
            path = pattern.replaceAll("\\{(\\w+):(?:[^{}]|\\{[^{}]*})*}", "{$1}");
        }

        @Override
        @SuppressWarnings("removal") // as long as the interface has it
        public void pathExtension(String extension) {}

        @Override
        public void header(String name, String value) {}

        @Override
        public void queryParam(String name, String value) {}

        @Override
        public void version(String version) {}

        @Override
        public void startAnd() {}

        @Override
        public void and() {}

        @Override
        public void endAnd() {}

        @Override
        public void startOr() {
            throw new IllegalStateException("a route with a choice cannot be noted");
        }

        @Override
        public void or() {}

        @Override
        public void endOr() {}

        @Override
        public void startNegate() {}

        @Override
        public void endNegate() {}

        @Override
        public void unknown(RequestPredicate predicate) {}
    }
}
