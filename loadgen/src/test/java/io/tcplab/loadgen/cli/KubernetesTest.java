package io.tcplab.loadgen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifest for Kubernetes against the model of its API: what it says is what the API reads. */
@Timeout(60)
class KubernetesTest {

    private static final Path MANIFEST = Path.of("..", "deploy", "kubernetes.yaml");
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "apps/v1 Deployment", Deployment.class,
            "v1 Service", Service.class,
            "batch/v1 Job", Job.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class);

    private static List<JsonNode> documents() throws Exception {
        List<JsonNode> documents = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(MANIFEST))) {
            documents.add(MAPPER.valueToTree(document));
        }
        return documents;
    }

    private static HasMetadata read(JsonNode document) throws Exception {
        String kind = document.path("apiVersion").asText() + " "
                + document.path("kind").asText();
        return MAPPER.treeToValue(document, Objects.requireNonNull(KINDS.get(kind), kind));
    }

    /** What the API's model does not know it keeps aside, under its own name, wherever it stands. */
    private static List<String> unknown(Object model, String at) throws Exception {
        List<String> found = new ArrayList<>();
        if (model instanceof Iterable<?> list) {
            for (Object each : list) {
                found.addAll(unknown(each, at + "[]"));
            }
        } else if (model instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                found.addAll(unknown(each.getValue(), at + "." + each.getKey()));
            }
        } else if (model != null && model.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
            for (var method : model.getClass().getMethods()) {
                if (method.getParameterCount() != 0 || !method.getName().startsWith("get")) {
                    continue;
                }
                Object value = method.invoke(model);
                if (method.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) value).keySet().forEach(name -> found.add(at + "." + name));
                } else if (value != model && !method.getName().equals("getClass")) {
                    found.addAll(unknown(value, at + "." + method.getName().substring(3)));
                }
            }
        }
        return found;
    }

    @Test
    void theApiKnowsEveryField() throws Exception {
        List<String> all = new ArrayList<>();
        for (JsonNode document : documents()) {
            all.addAll(unknown(read(document), document.path("kind").asText()));
        }
        assertThat(all).isEmpty();
    }

    @Test
    void aMisspelledFieldWouldBeFound() throws Exception {
        String broken = Files.readString(MANIFEST).replace("completionMode:", "completionsMode:");
        JsonNode job = null;
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(broken)) {
            JsonNode tree = MAPPER.valueToTree(document);
            if (tree.at("/spec/completionsMode").isTextual()) {
                job = tree;
            }
        }
        JsonNode found = Objects.requireNonNull(job);
        assertThat(unknown(read(found), "Job")).containsExactly("Job.Spec.completionsMode");
    }

    @Test
    void aWrongTypeWouldBeFound() throws Exception {
        JsonNode job = documents().stream()
                .filter(each -> each.path("kind").asText().equals("Job"))
                .findFirst()
                .orElseThrow();
        ((ObjectNode) job.path("spec")).put("backoffLimit", "none");
        assertThatThrownBy(() -> read(job)).hasMessageContaining("backoffLimit");
    }

    @Test
    void thePartsFitEachOther() throws Exception {
        Job generators = null;
        Job lead = null;
        List<String> services = new ArrayList<>();
        for (JsonNode document : documents()) {
            switch (read(document)) {
                case Job job when job.getMetadata().getName().equals("tcplab-generators") -> generators = job;
                case Job job -> lead = job;
                case Service service -> {
                    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                    services.add(service.getMetadata().getName());
                }
                default -> {
                    // Nothing else is referred to by name.
                }
            }
        }
        int count = Objects.requireNonNull(generators).getSpec().getCompletions();
        assertThat(generators.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(generators.getSpec().getParallelism()).isEqualTo(count);
        List<String> arguments = Objects.requireNonNull(lead)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getArgs();
        assertThat(arguments).contains("--generators=" + count);
        assertThat(services).containsExactlyInAnyOrder("tcplab-target", "tcplab-lead");
        assertThat(generators
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getArgs())
                .contains("join", "tcplab-lead:9200");
        assertThat(generators.getSpec().getTemplate().getSpec().getVolumes()).isEmpty();
    }
}
