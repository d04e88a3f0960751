# syntax=docker/dockerfile:1

FROM eclipse-temurin:25-jre AS jre

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml schema.sql ./
COPY src src
# The tests need a database of their own; `mvn verify` runs them before an image is built.
RUN mvn -B -DskipTests package
# A layer per speed of change: a new version of the service moves only the last of them.
RUN java -Djarmode=tools -jar target/gift-orders.jar extract --layers --destination extracted
# An AOT cache holds what the JVM learnt from selling for a while, and is good for one JVM and one place of the jars:
# those of the image. Where the training's database does not run, the image goes without a cache and starts slower.
COPY --from=jre /opt/java/openjdk /opt/java/jre
RUN mkdir /opt/gift-orders cache \
    && cp -a extracted/*/. /opt/gift-orders/ \
    && { mvn -B exec:java -Dexec.mainClass=io.giftorders.bench.Training \
            -Dtraining.java-home=/opt/java/jre -Dtraining.jar=/opt/gift-orders/gift-orders.jar \
            -Dtraining.cache=/build/cache/gift-orders.aot -Dtraining.options=-XX:+UseParallelGC \
        || { echo "WARNING: no AOT cache was made: the image will start slower" >&2; rm -f cache/*; }; }

FROM jre
# A fixed number, so that file permissions and `runAsNonRoot` can name it.
RUN groupadd --system --gid 10001 shop \
    && useradd --system --uid 10001 --gid shop --no-create-home --shell /usr/sbin/nologin shop
WORKDIR /opt/gift-orders
COPY --from=build /build/extracted/dependencies/ ./
COPY --from=build /build/extracted/spring-boot-loader/ ./
COPY --from=build /build/extracted/snapshot-dependencies/ ./
COPY --from=build /build/extracted/application/ ./
COPY --from=build /build/cache/ ./
USER 10001:10001
ENV LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs
# Here and not in the ENTRYPOINT, so that a deployment can choose another: a JVM that is told of two does not start.
ENV JAVA_TOOL_OPTIONS=-XX:+UseParallelGC
EXPOSE 8080 8081
# bash speaks TCP itself, so the image needs no HTTP client. /readyz is on the port that takes orders.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/${SERVER_PORT:-8080}\" && printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == HTTP/1.?\\ 200* ]]"]
# A cache that is missing or does not fit costs its time only: the JVM goes on without it.
ENTRYPOINT ["java", "-XX:AOTCache=/opt/gift-orders/gift-orders.aot", "-XX:MaxRAMPercentage=75", \
    "-XX:+ExitOnOutOfMemoryError", "-jar", "/opt/gift-orders/gift-orders.jar"]
