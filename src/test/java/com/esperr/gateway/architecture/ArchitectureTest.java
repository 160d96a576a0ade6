package com.esperr.gateway.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.esperr.gateway.architecture.PackageTable.Row;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    /** Code in these packages runs on event loops, where one wait stops every connection of the loop. */
    private static final String[] ON_EVENT_LOOPS = {
        PackageTable.ROOT + ".listen..",
        PackageTable.ROOT + ".proxy..",
        PackageTable.ROOT + ".upstream..",
        PackageTable.ROOT + ".http1..",
        PackageTable.ROOT + ".cloud..",
    };

    private static final String CLIENT = "com.esperr.client";

    private static PackageTable table;
    private static JavaClasses classes;

    @BeforeAll
    static void readDocumentAndClasses() {
        table = PackageTable.read(Path.of("ARCHITECTURE.md"));
        classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    @Test
    void everyPackageStandsInTheTable() {
        assertThat(packages()).isSubsetOf(table.rows().keySet());
    }

    @Test
    void everyRowOfTheTableHasItsPackage() {
        Stream<String> present =
                table.rows().values().stream().filter(row -> !row.later()).map(Row::name);
        assertThat(packages()).containsAll(present.toList());
    }

    @Test
    void packagesUseLowerFloorsOnly() {
        assertThat(dependencies(this::climbs)).isEmpty();
    }

    @Test
    void theClientNeedsTheJdkAndJacksonCoreOnly() {
        // org.jspecify's annotations are not needed to run.
        noClasses()
                .that()
                .resideInAPackage(CLIENT)
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        CLIENT, "java..", "com.fasterxml.jackson.core..", "org.jspecify.annotations"))
                .check(classes);
        noClasses()
                .that()
                .resideOutsideOfPackage(CLIENT)
                .should()
                .dependOnClassesThat(resideInAPackage(CLIENT))
                .check(classes);
    }

    @Test
    void nettyStaysInItsPackages() {
        assertThat(dependencies(
                        use -> isUnder("io.netty", use) && !table.netty().contains(origin(use))))
                .isEmpty();
    }

    @Test
    void buffersStayInTheirPackages() {
        assertThat(dependencies(use ->
                        isUnder("io.netty.buffer", use) && !table.buffers().contains(origin(use))))
                .isEmpty();
    }

    /** Guava, which comes with CEL, is its own business; CEL and MaxMind's reader are that of policies, protobuf Envoy's messages. */
    @Test
    void policiesAloneKnowTheirLibraries() {
        assertThat(dependencies(use -> isUnder("com.google.common", use))).isEmpty();
        assertThat(dependencies(use ->
                        isUnder("com.google.protobuf", use) && !origin(use).equals(PackageTable.ROOT + ".authz")))
                .isEmpty();
        assertThat(dependencies(use -> (isUnder("dev.cel", use) || isUnder("com.maxmind", use))
                        && !origin(use).equals(PackageTable.ROOT + ".policy")))
                .isEmpty();
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage(PackageTable.ROOT + ".cli")
                .and()
                .doNotHaveFullyQualifiedName(PackageTable.ROOT + ".Main")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(classes);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>(packages());
        unmarked.removeIf(name -> packageOf(name).isAnnotatedWith(NullMarked.class));
        assertThat(unmarked).isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*[.$](\\w*(Utils?|Helper|Manager|Impl)|(Base|Abstract)[A-Z]\\w*)")
                .check(classes);
        assertThat(packages())
                .noneMatch(name -> name.matches(".*\\.(utils?|common|core|impl|model|service|helper|misc)(\\..*)?"));
    }

    @Test
    void nothingWaitsOnAnEventLoop() {
        noClasses()
                .that()
                .resideInAnyPackage(ON_EVENT_LOOPS)
                .should()
                .accessTargetWhere(waits())
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void nothingLocksOnAnEventLoop() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(ON_EVENT_LOOPS)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .allowEmptyShould(true)
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(ON_EVENT_LOOPS)
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent.locks"))
                .allowEmptyShould(true)
                .check(classes);
    }

    private static Set<String> packages() {
        Set<String> names = new TreeSet<>();
        classes.forEach(type -> names.add(type.getPackageName()));
        return names;
    }

    private static JavaPackage packageOf(String name) {
        return classes.getPackage(name);
    }

    private boolean climbs(Dependency use) {
        Row here = table.rows().get(origin(use));
        Row there = table.rows().get(target(use));
        return here != null && there != null && !here.mayUse(there);
    }

    private static List<String> dependencies(Predicate<Dependency> wrong) {
        return classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(wrong)
                .map(Dependency::getDescription)
                .sorted()
                .toList();
    }

    private static String origin(Dependency use) {
        return use.getOriginClass().getPackageName();
    }

    private static String target(Dependency use) {
        return use.getTargetClass().getBaseComponentType().getPackageName();
    }

    private static boolean isUnder(String root, Dependency use) {
        return target(use).equals(root) || target(use).startsWith(root + ".");
    }

    private static DescribedPredicate<JavaAccess<?>> waits() {
        return DescribedPredicate.describe("wait for another thread", ArchitectureTest::isWait);
    }

    private static boolean isWait(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return switch (access.getName()) {
            case "sleep" -> owner.isAssignableTo(Thread.class) || owner.isAssignableTo(TimeUnit.class);
            case "join" -> owner.isAssignableTo(Thread.class) || owner.isAssignableTo(Future.class);
            case "get" -> owner.isAssignableTo(Future.class);
            case "wait" -> owner.isEquivalentTo(Object.class);
            case "await", "awaitUninterruptibly", "sync", "syncUninterruptibly" ->
                owner.isAssignableTo(Future.class) || owner.isAssignableTo(CountDownLatch.class);
            default -> false;
        };
    }
}
