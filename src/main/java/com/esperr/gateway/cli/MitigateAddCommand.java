package com.esperr.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes something active for one visitor; confined to the main thread. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Blocks or challenges one visitor of a running gateway, whatever he asks for, for a while.",
        footer = {
            "",
            "Example: esper-gateway mitigate add --field client_ip=198.51.100.23 --lifetime 10m"
                    + " --reason \"price scraping\""
        })
final class MitigateAddCommand implements Callable<Integer> {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern LIFETIME = Pattern.compile("([0-9]{1,8})(s|m|h|d)");

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Mixin
    private TenantOption tenant;

    @Option(
            names = "--entity",
            paramLabel = "NAME",
            description = "By which entity the visitor is told from others; ip where only client_ip is given,"
                    + " ip-user-agent otherwise.")
    private @Nullable String entity;

    @Option(
            names = "--field",
            required = true,
            paramLabel = "FIELD=VALUE",
            description =
                    "The value of a key field of the entity; repeated for each. One left out is one he does not send.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--decision",
            paramLabel = "DECISION",
            defaultValue = "block",
            description = "block or challenge (${DEFAULT-VALUE}).")
    private String decision;

    @Option(
            names = "--lifetime",
            required = true,
            paramLabel = "TIME",
            description = "For how long, e.g. 10m, 2h or 7d.")
    private String lifetime;

    @Option(names = "--reason", paramLabel = "TEXT", description = "A sentence for people; it stands in the log.")
    private @Nullable String reason;

    @Override
    public Integer call() throws InterruptedException, IOException {
        return new OperatorPort(spec, options).ask("POST", "/mitigations?" + tenant.query(), order());
    }

    private String order() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("entity", entity == null ? usualEntity() : entity);
            json.writeObjectFieldStart("fields");
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
            json.writeStringField("decision", decision);
            json.writeNumberField("lifetime_seconds", seconds());
            if (reason != null) {
                json.writeStringField("reason", reason);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    /** An address alone means whoever comes from there; the other one would mean only who sends no user agent. */
    private String usualEntity() {
        return fields.keySet().equals(Set.of("client_ip")) ? "ip" : "ip-user-agent";
    }

    private long seconds() {
        Matcher matcher = LIFETIME.matcher(lifetime);
        if (!matcher.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--lifetime: " + lifetime + " (expected: a number and s, m, h or d)");
        }
        TimeUnit unit = switch (matcher.group(2)) {
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
        };
        return unit.toSeconds(Long.parseLong(matcher.group(1)));
    }
}
