// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import dev.cumulane.testing.TestedRun;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * Whatever stands where a stranger can write, a page has the elements and attributes that it has for harmless words. Our markup is XML but for the elements without an
 * end, so a parser that forgives nothing reads it.
 */
final class HostileValuesTest {
    private static final List<String> FRAGMENTS = List.of(
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "' onmouseover='alert(1)",
            "</title></textarea></pre></svg>",
            "<!--",
            "-->",
            "]]>",
            "<![CDATA[",
            "&lt;b&gt;",
            "&#60;b&#62;",
            "javascript:alert(1)",
            "<a href=//evil.example.com>",
            "\u202egnp.exe",
            "a\u2028b",
            "\u00a0<\u00e9\ud83d\ude00>",
            "\ud800",
            "\u001b[31;1mred\u001b]0;title\u0007",
            "${7*7}{{7*7}}",
            "`",
            "\\u003cscript\\u003e",
            "%3Cscript%3E",
            "+ADw-script+AD4-");

    static List<String> values() {
        List<String> values = new ArrayList<>(FRAGMENTS);
        Random random = new Random(42);
        IntStream.range(0, 12)
                .mapToObj(i -> FRAGMENTS.get(random.nextInt(FRAGMENTS.size()))
                        + FRAGMENTS.get(random.nextInt(FRAGMENTS.size()))
                        + FRAGMENTS.get(random.nextInt(FRAGMENTS.size())))
                .forEach(values::add);
        return values;
    }

    @ParameterizedTest
    @MethodSource("values")
    void a_hostile_value_is_text_wherever_it_stands(String hostile) throws Exception {
        List<String> shaped = pages(hostile);
        List<String> harmless = pages("harmless");

        for (int i = 0; i < harmless.size(); i++) {
            assertThat(shape(shaped.get(i))).as(shaped.get(i)).isEqualTo(shape(harmless.get(i)));
        }
    }

    /** Pages with a value in every place where one can come from outside. */
    private static List<String> pages(String value) {
        Shop shop = new Shop(command(value));
        shop.tester.stage("build").outputs("modules", item(value), "till").outputs("version", item(value));
        shop.tester.with("note", line(value));
        shop.tester.stage("unit-21").fails(value, value);
        TestedRun failed = shop.push(line(value), value, Optional.of("https://example.com/?a='b'&c=(d)"));
        shop.tester.stage("unit-21").succeeds();
        TestedRun run = shop.tester.start();
        try {
            shop.tester
                    .engine()
                    .vote(run.id(), "release", new Voter(line(value), Vote.Via.PAGE), Vote.Decision.APPROVE, value);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("may not vote");
        }
        shop.settle();
        Visit visit = shop.visit();
        List<String> pages = new ArrayList<>();
        for (String address : List.of(
                "/",
                Shop.address(failed),
                Shop.address(failed) + "/stages/build",
                Shop.address(failed) + "/stages/module-1",
                Shop.address(failed) + "/stages/unit-21",
                Shop.address(run),
                Shop.address(run) + Shop.VOTE)) {
            pages.add(visit.page(address));
        }
        run.reject("release", "ada", value);
        pages.add(visit.page(Shop.address(run)));
        pages.add(visit.page(Shop.address(run) + Shop.VOTE));
        return pages;
    }

    /** A value as those places take it that want a line. */
    private static String line(String value) {
        String plain = value.replaceAll("[\\p{Cntrl}\\p{Cs}\u2028\u202e]", "?");
        return plain.length() > 150 ? plain.substring(0, 150) : plain;
    }

    private static String item(String value) {
        return line(value).replace("\"", "?");
    }

    private static String command(String value) {
        return "echo " + value.replaceAll("\\p{Cs}", "?");
    }

    /** The elements and the names of their attributes, and where links, forms and files are from. */
    private static String shape(String page) throws Exception {
        String xml = page.replaceFirst("<!doctype html>\n", "")
                .replaceAll("<(meta|link|input)( [^>]*)>", "<$1$2/>")
                .replaceAll("&(?!(amp|lt|gt|quot|#39);)", "&bad;");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        StringBuilder shape = new StringBuilder();
        describe(
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)))
                        .getDocumentElement(),
                shape);
        return shape.toString().replaceAll("(span class=(c1 b|c1)\\(\\))+", "");
    }

    private static void describe(Element element, StringBuilder shape) {
        shape.append(element.getTagName());
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            Node attribute = attributes.item(i);
            shape.append(' ').append(attribute.getNodeName());
            if (List.of("class", "href", "src", "action").contains(attribute.getNodeName())) {
                shape.append('=').append(attribute.getNodeValue().replaceAll("shop-[0-9a-z]{16}", "RUN"));
            }
        }
        shape.append('(');
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                describe(inner, shape);
            }
        }
        shape.append(')');
    }
}
