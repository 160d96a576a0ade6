package com.esperr.gateway.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esperr.gateway.bound.Bounded;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever in the gateway can grow has a gauge that says how full it is, or stands in {@code src/test/resources/bound/collections.txt} with the
 * reason why it needs none.
 */
class CollectionsTest {
    private static final String ROOT = "com.esperr.gateway.";
    private static final Path LIST = Path.of("src/test/resources/bound/collections.txt");

    private static JavaClasses classes;
    private static CollectionsList list;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter().importPath(Path.of("target", "classes", "com", "esperr", "gateway"));
        list = CollectionsList.read(LIST);
    }

    @Test
    void everyFieldThatCanGrowHasAGaugeOrAReason() {
        Set<String> unknown = HeldCollections.of(classes, ROOT);
        unknown.removeAll(list.fields().keySet());
        assertThat(unknown)
                .as(
                        "a bound, its name in Bounded with a row in docs/limits.md and \"fill NAME\" in %s, or another of %s",
                        LIST, Arrays.toString(CollectionsList.Reason.values()))
                .isEmpty();
    }

    @Test
    void everyLineIsAboutAFieldThatIsThere() {
        Set<String> gone = new TreeSet<>(list.fields().keySet());
        gone.removeAll(HeldCollections.of(classes, ROOT));
        assertThat(gone).isEmpty();
    }

    @Test
    void everyNameOfTheCatalogueIsUsedByWhoeverOwnsSomethingOfIt() {
        JavaClass catalogue = classes.get(Bounded.class);
        Set<String> used = catalogue.getFieldAccessesToSelf().stream()
                .filter(access -> !access.getOriginOwner().equals(catalogue))
                .map(JavaAccess::getTarget)
                .map(target -> target.getName())
                .collect(Collectors.toSet());
        assertThat(used)
                .containsAll(Arrays.stream(Bounded.values()).map(Bounded::name).toList());
    }

    /** What a class looks like that was forgotten. */
    @SuppressWarnings("unused")
    private static final class Forgetful {
        private static final Map<String, String> SEEN = new ConcurrentHashMap<>();
        private final Map<String, String> grows = new HashMap<>();
        private final Set<String> keys = ConcurrentHashMap.newKeySet();
        private final ArrayDeque<String> waiting;
        private final Cache<String, String> cache =
                Caffeine.newBuilder().maximumSize(1).build();
        private final List<String> fixed;
        private final String word = "";

        private Forgetful(ArrayDeque<String> waiting) {
            this.waiting = waiting;
            this.fixed = List.copyOf(waiting);
        }
    }

    /** One whose collections cannot grow. */
    private record Value(List<String> names, Map<String, String> more) {
        private static final Set<String> WORDS = Set.of("a", "b");
    }

    @Test
    void aFieldThatNobodyThoughtOfIsFound() {
        JavaClasses fixtures = new ClassFileImporter().importClasses(Forgetful.class, Value.class);
        String before = CollectionsTest.class.getName() + '$';
        assertThat(HeldCollections.of(fixtures, before))
                .contains("Forgetful.SEEN", "Forgetful.grows", "Forgetful.keys", "Forgetful.waiting", "Forgetful.cache")
                .noneMatch(field -> field.endsWith(".word") || field.startsWith("Value."));
        Set<String> unknown = new HashSet<>(HeldCollections.of(fixtures, before));
        unknown.removeAll(CollectionsList.parse(List.of("Forgetful.grows vocabulary"))
                .fields()
                .keySet());
        assertThat(unknown).contains("Forgetful.SEEN").doesNotContain("Forgetful.grows");
    }

    @Test
    void aLineWithoutAReasonOrWithAnUnknownNameIsRefused() {
        for (String wrong :
                List.of("a.B.c", "a.B.c because", "a.B.c fill", "a.B.c fill no_such_thing", "a.B.c start windows")) {
            assertThatThrownBy(() -> CollectionsList.parse(List.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }
        assertThatThrownBy(() -> CollectionsList.parse(List.of("a.B.c start", "a.B.c start")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
