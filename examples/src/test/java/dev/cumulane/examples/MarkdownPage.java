// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation.
 *
 * @param name its path below the project's root
 * @param text its text
 */
record MarkdownPage(String name, String text) {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#: ]+)(#[^)]*)?\\)");

    /**
     * A block of Java in a page.
     *
     * @param page the page's name
     * @param line the number of the code's first line in the page
     * @param setup what comes before the code without being shown: the content of a comment {@code <!-- setup: … -->} right before the block
     * @param code the code
     */
    record JavaBlock(String page, int line, String setup, String code) {
        /** Whether it declares types, and is not a piece of a method. */
        boolean declaresTypes() {
            return TYPE.matcher(code).find();
        }

        /** Whether it is a piece of a pipeline's definition. */
        boolean isPieceOfPipeline() {
            return !code.contains("Pipeline.define") && PIECE.matcher(code).find();
        }

        boolean isImports() {
            return code.lines().allMatch(line -> line.isBlank() || line.startsWith("import "));
        }
    }

    /** A type that is not inside of another. */
    static final Pattern TYPE =
            Pattern.compile("(?m)^(?:(?:public|abstract|final|sealed) )*(?:class|record|interface|enum) (\\w+)");

    private static final Pattern PIECE = Pattern.compile("\\bp\\.\\w+\\(");

    static MarkdownPage read(Path root, Path file) throws IOException {
        return new MarkdownPage(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
    }

    /** The blocks that are marked as Java, in order. */
    List<JavaBlock> javaBlocks() {
        List<JavaBlock> blocks = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int at = 0; at < lines.size(); at++) {
            if (!lines.get(at).startsWith("```java")) {
                continue;
            }
            int end = at + 1;
            while (end < lines.size() && !lines.get(end).startsWith("```")) {
                end++;
            }
            if (end == lines.size()) {
                throw new IllegalArgumentException(name + ":" + (at + 1) + ": the block of Java is not closed");
            }
            blocks.add(new JavaBlock(name, at + 2, setup(lines, at), String.join("\n", lines.subList(at + 1, end))));
            at = end;
        }
        return blocks;
    }

    private static String setup(List<String> lines, int fence) {
        if (fence == 0 || !lines.get(fence - 1).endsWith("-->")) {
            return "";
        }
        int from = fence - 1;
        while (from > 0 && !lines.get(from).startsWith("<!--")) {
            from--;
        }
        String comment = String.join(" ", lines.subList(from, fence));
        return comment.startsWith("<!-- setup:")
                ? comment.substring("<!-- setup:".length(), comment.length() - "-->".length())
                        .strip()
                : "";
    }

    /** The files of this project that it links to, as it writes them. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        Matcher matcher = LINK.matcher(text);
        while (matcher.find()) {
            links.add(matcher.group(1));
        }
        return links;
    }
}
