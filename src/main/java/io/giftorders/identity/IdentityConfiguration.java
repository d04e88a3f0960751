package io.giftorders.identity;

import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.reactive.JwkSetUriReactiveJwtDecoderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {

    /** Spring Boot adds it to the checks of the decoder it configures. */
    @Bean
    @ConditionalOnProperty("gift-orders.identity.issuer")
    OAuth2TokenValidator<Jwt> issuerValidator(IdentityProperties properties) {
        return new JwtIssuerValidator(Objects.requireNonNull(properties.issuer()));
    }

    @Bean
    JwkSetUriReactiveJwtDecoderBuilderCustomizer issuerKeys() {
        return decoder ->
                decoder.webClient(WebClient.builder().filter(new IssuerKeys()).build());
    }
}
