package com.esperr.gateway.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the class files no longer show: sizes, words and blocks, read from the sources. */
class SourceRulesTest {

    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 50;

    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TEST = Path.of("src", "test", "java");
    private static final Path BENCHMARKS = Path.of("src", "jmh", "java");

    @Test
    void filesStayShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources(MAIN, TEST, BENCHMARKS)) {
            int lines = Files.readAllLines(file).size();
            if (lines > FILE_LINES) {
                tooLong.add(file + ": " + lines + " (expected: at most " + FILE_LINES + ")");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void methodsStayShort() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources(MAIN)));
            List<String> tooLong = new ArrayList<>();
            MethodLengths lengths = new MethodLengths(Trees.instance(task).getSourcePositions(), tooLong);
            for (CompilationUnitTree unit : task.parse()) {
                lengths.scan(unit, unit);
            }
            assertThat(tooLong).isEmpty();
        }
    }

    @Test
    void sourcesHoldNoLooseEnds() throws IOException {
        assertThat(linesMatching("\\b(TODO|FIXME|XXX)\\b|@author\\b", MAIN, TEST, BENCHMARKS))
                .isEmpty();
    }

    @Test
    void testsNeitherSleepNorSkip() throws IOException {
        assertThat(linesMatching("\\bThread\\.sleep\\(|@Disabled\\b|\\bLockSupport\\.park", TEST))
                .isEmpty();
    }

    @Test
    void noBlockLocksOnAnEventLoop() throws IOException {
        Path root = MAIN.resolve(Path.of("com", "esperr", "gateway"));
        Path[] loops = Stream.of("proxy", "upstream", "http1", "cloud")
                .map(root::resolve)
                .toArray(Path[]::new);
        assertThat(linesMatching("\\bsynchronized\\s*\\(", loops)).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (Path file : sources(MAIN)) {
            if (file.endsWith("package-info.java")
                    && !Files.readString(file).strip().startsWith("/**")) {
                silent.add(file);
            }
        }
        assertThat(silent).isEmpty();
    }

    private static List<Path> sources(Path... roots) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                }
            }
        }
        return found;
    }

    private static List<String> linesMatching(String regex, Path... roots) throws IOException {
        Pattern pattern = Pattern.compile(regex);
        List<String> matching = new ArrayList<>();
        for (Path file : sources(roots)) {
            if (file.endsWith("SourceRulesTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(file);
            for (int line = 0; line < lines.size(); line++) {
                if (pattern.matcher(lines.get(line)).find()) {
                    matching.add(
                            file + ":" + (line + 1) + ": " + lines.get(line).strip());
                }
            }
        }
        return matching;
    }

    private static final class MethodLengths extends TreeScanner<Void, CompilationUnitTree> {
        private final SourcePositions positions;
        private final List<String> tooLong;

        MethodLengths(SourcePositions positions, List<String> tooLong) {
            this.positions = positions;
            this.tooLong = tooLong;
        }

        @Override
        public Void visitMethod(MethodTree method, CompilationUnitTree unit) {
            if (method.getBody() != null) {
                LineMap lines = unit.getLineMap();
                long first = lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long last = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                if (last - first + 1 > METHOD_LINES) {
                    tooLong.add(unit.getSourceFile().getName() + ":" + first + ": " + method.getName() + ", "
                            + (last - first + 1) + " lines (expected: at most " + METHOD_LINES + ")");
                }
            }
            return super.visitMethod(method, unit);
        }
    }
}
