// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples;

import dev.cumulane.examples.MarkdownPage.JavaBlock;
import dev.cumulane.local.LocalCloud;
import dev.cumulane.testing.PipelineTester;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles the blocks of a page together, in memory, so that later blocks can use the types of earlier ones. A block without types is wrapped into a method, and one
 * that only uses {@code p} into the definition of a pipeline.
 */
final class PageCompiler {
    private final String imports;

    /**
     * A compiler.
     *
     * @param imports the imports of every block that has none of its own
     */
    PageCompiler(List<String> imports) {
        this.imports = String.join(" ", imports);
    }

    /** A page whose blocks compile, with the names of the types of each block. */
    record Compiled(ClassLoader classes, Map<JavaBlock, List<String>> types) {}

    /**
     * Compiles a page.
     *
     * @throws AssertionError for a block that does not compile, naming the page and the line of each mistake
     */
    Compiled compile(MarkdownPage page) {
        List<BlockSource> sources = new ArrayList<>();
        Map<JavaBlock, List<String>> types = new LinkedHashMap<>();
        for (JavaBlock block : page.javaBlocks()) {
            if (!block.isImports()) {
                types.put(block, types(block));
                sources.add(new BlockSource(block, types.get(block).get(0), source(block)));
            }
        }
        return new Compiled(compile(sources), types);
    }

    private static List<String> types(JavaBlock block) {
        if (!block.declaresTypes()) {
            return List.of(wrapper(block));
        }
        List<String> names = new ArrayList<>();
        Matcher matcher = MarkdownPage.TYPE.matcher(block.code());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String wrapper(JavaBlock block) {
        return "Line" + block.line();
    }

    /** The block as a compilation unit in which its first line is line 2. */
    private String source(JavaBlock block) {
        if (block.declaresTypes()) {
            return (block.code().contains("import ") ? "" : imports) + "\n" + block.code();
        }
        String before = imports + " class " + wrapper(block) + " { static void run() throws Exception { ";
        return block.isPieceOfPipeline()
                ? before + "Pipeline.define(\"piece\", p -> { " + block.setup() + "\n" + block.code() + "\n}); } }"
                : before + block.setup() + "\n" + block.code() + "\n} }";
    }

    private static ClassLoader compile(List<BlockSource> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(diagnostics, Locale.ROOT, null);
                MemoryFiles files = new MemoryFiles(standard)) {
            List<String> options = List.of("--release", "17", "-proc:none", "-Xlint:all", "-cp", classPath());
            compiler.getTask(null, files, diagnostics, options, null, sources).call();
            List<String> mistakes = diagnostics.getDiagnostics().stream()
                    .filter(one -> one.getKind() != Diagnostic.Kind.NOTE && one.getSource() != null)
                    .map(PageCompiler::shown)
                    .toList();
            if (!mistakes.isEmpty()) {
                throw new AssertionError("the documentation does not compile:\n" + String.join("\n", mistakes));
            }
            return files.classes();
        } catch (IOException e) {
            throw new AssertionError("the compiler could not be closed", e);
        }
    }

    private static String shown(Diagnostic<? extends JavaFileObject> diagnostic) {
        BlockSource source = (BlockSource) diagnostic.getSource();
        long line = Math.max(0, diagnostic.getLineNumber() - 2) + source.block.line();
        return source.block.page() + ":" + line + ": " + diagnostic.getMessage(Locale.ROOT);
    }

    /** What the blocks are compiled against: the modules, JUnit, and nothing of the tests. */
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(
                PipelineTester.class,
                LocalCloud.class,
                org.junit.jupiter.api.Test.class,
                org.apiguardian.api.API.class,
                org.jspecify.annotations.NullMarked.class)) {
            try {
                places.add(Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException("cannot tell where " + type + " is from", e);
            }
        }
        return places.stream().collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static final class BlockSource extends SimpleJavaFileObject {
        private final JavaBlock block;
        private final String source;

        BlockSource(JavaBlock block, String type, String source) {
            super(URI.create("block:///" + type + ".java"), Kind.SOURCE);
            this.block = block;
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        MemoryFiles(JavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(className, any -> new ByteArrayOutputStream());
                }
            };
        }

        ClassLoader classes() {
            return new ClassLoader(PageCompiler.class.getClassLoader()) {
                @Override
                protected Class<?> findClass(String name) throws ClassNotFoundException {
                    ByteArrayOutputStream bytes = written.get(name);
                    if (bytes == null) {
                        throw new ClassNotFoundException(name);
                    }
                    return defineClass(name, bytes.toByteArray(), 0, bytes.size());
                }
            };
        }
    }
}
