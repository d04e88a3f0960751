package io.giftorders.reference;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document as a client reads it: what it promises of each call, and whether an answer keeps it. Stricter than a client
 * in one thing: a member that the document does not name is a fault.
 */
final class Reference {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    private final ObjectNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDialect(
            Dialects.getOpenApi31(),
            registry -> registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private Reference(ObjectNode document) {
        this.document = document;
    }

    static Reference read(String yaml) {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        ObjectNode document = JSON.valueToTree(tree);
        document.at("/components/schemas").properties().stream()
                // the members of a problem are those of all problems and its own
                .filter(schema -> !schema.getKey().equals("Problem"))
                .map(Map.Entry::getValue)
                .filter(schema -> schema.has("properties"))
                .forEach(schema -> ((ObjectNode) schema).put("unevaluatedProperties", false));
        return new Reference(document);
    }

    /** Every call, such as {@code GET /gifts/{id}}. */
    Set<String> calls() {
        Set<String> calls = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue().propertyNames().stream()
                .filter(METHODS::contains)
                .forEach(method -> calls.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return calls;
    }

    /** Every answer, such as {@code GET /gifts/{id} 404}. */
    Set<String> answers() {
        Set<String> answers = new TreeSet<>();
        calls().forEach(call ->
                operation(call).get("responses").propertyNames().forEach(status -> answers.add(call + " " + status)));
        return answers;
    }

    /** The last parts of the types of all problems. */
    Set<String> problems() {
        Set<String> problems = new TreeSet<>();
        document.at("/components/schemas").forEach(schema -> {
            String type = schema.at("/properties/type/const").asString("");
            if (!type.isEmpty()) {
                problems.add(type.replace("/problems/", ""));
            }
        });
        return problems;
    }

    /** What a schema lists, by its name. */
    List<String> values(String schema, String property) {
        JsonNode found = document.at("/components/schemas/" + schema);
        JsonNode listed = property.isEmpty() ? found : found.at("/properties/" + property);
        return listed.get("enum").valueStream().map(JsonNode::asString).toList();
    }

    /** What is wrong with a value that should be of a named schema. */
    List<String> faultsOf(String schema, JsonNode value) {
        return against(document.at("/components/schemas/" + schema), value);
    }

    /** What is wrong with a call's JSON body. */
    List<String> faultsOfBody(String call, String body) {
        return against(operation(call).at("/requestBody/content/application~1json/schema"), JSON.readTree(body));
    }

    /** What is wrong with an answer: its status, its headers, its type, its body. */
    List<String> faults(String call, int status, HttpHeaders headers, byte[] body) {
        List<String> faults = new ArrayList<>();
        JsonNode response = resolved(operation(call).at("/responses/" + status));
        if (response.isMissingNode()) {
            faults.add(call + " is not documented to answer " + status);
            return faults;
        }
        response.path("headers")
                .properties()
                .forEach(
                        header -> faults.addAll(faultsOfHeader(header.getKey(), resolved(header.getValue()), headers)));
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            if (body.length > 0) {
                faults.add("a body where none is documented");
            }
            return faults;
        }
        MediaType type = headers.getContentType();
        content.propertyNames().stream()
                .filter(documented -> MediaType.valueOf(documented).equalsTypeAndSubtype(type))
                .findFirst()
                .ifPresentOrElse(
                        documented ->
                                faults.addAll(against(content.get(documented).get("schema"), value(documented, body))),
                        () -> faults.add(type + " is not documented"));
        return faults;
    }

    private List<String> faultsOfHeader(String name, JsonNode header, HttpHeaders headers) {
        String value = headers.getFirst(name);
        if (value == null) {
            return header.path("required").asBoolean(false) ? List.of(name + " is missing") : List.of();
        }
        JsonNode schema = header.get("schema");
        boolean number = schema.path("type").asString("").equals("integer");
        return against(
                schema,
                number
                        ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
                        : JsonNodeFactory.instance.stringNode(value));
    }

    /** Every example of the document with what is wrong with it. */
    List<String> faultsOfExamples() {
        List<String> faults = new ArrayList<>();
        for (String call : calls()) {
            JsonNode operation = operation(call);
            faults.addAll(faultsOfExamples(call, operation.at("/requestBody/content")));
            operation
                    .get("responses")
                    .properties()
                    .forEach(response -> faults.addAll(faultsOfExamples(
                            call + " " + response.getKey(),
                            resolved(response.getValue()).path("content"))));
        }
        return faults;
    }

    private List<String> faultsOfExamples(String where, JsonNode content) {
        List<String> faults = new ArrayList<>();
        content.properties().forEach(type -> {
            JsonNode examples = type.getValue().path("examples");
            if (type.getKey().contains("json") && examples.isEmpty()) {
                faults.add(where + " has no example");
            }
            examples.properties().forEach(example -> against(
                            type.getValue().get("schema"), example.getValue().get("value"))
                    .forEach(fault -> faults.add(where + " " + example.getKey() + ": " + fault)));
        });
        return faults;
    }

    private JsonNode operation(String call) {
        String[] parts = call.split(" ", 2);
        String path = parts[1].replace("~", "~0").replace("/", "~1");
        return document.at("/paths/" + path + "/" + parts[0].toLowerCase(Locale.ROOT));
    }

    private JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isString() ? document.at(reference.stringValue().substring(1)) : node;
    }

    private List<String> against(JsonNode schema, JsonNode value) {
        ObjectNode alone = ((ObjectNode) schema).deepCopy();
        alone.set("components", document.get("components"));
        Schema readable = schemas.getSchema(alone);
        return readable.validate(value).stream().map(Object::toString).toList();
    }

    private static JsonNode value(String type, byte[] body) {
        return type.endsWith("json")
                ? JSON.readTree(body)
                : JsonNodeFactory.instance.stringNode(new String(body, StandardCharsets.UTF_8));
    }
}
