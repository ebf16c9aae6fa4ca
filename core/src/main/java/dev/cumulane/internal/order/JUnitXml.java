// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.run.TestSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Adds up JUnit XML reports in the dialect of Surefire and Gradle. A report counts as a whole or not at all. */
final class JUnitXml {
    private static final int DEEPEST = 50;
    private static final int LONGEST_TEXT = 8_000;
    private static final int BYTE_ORDER_MARK = 0xfeff;

    private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    private int total;
    private int failed;
    private int skipped;
    private final List<TestSummary.Failure> failures = new ArrayList<>();

    private final UnaryOperator<String> mask;

    /** Reports in which secrets are masked before anything is cut to its limit. */
    JUnitXml(UnaryOperator<String> mask) {
        this.mask = mask;
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("it refers to another document");
        });
    }

    TestSummary summary() {
        return new TestSummary(total, failed, skipped, failures);
    }

    /** Adds one report; what is wrong with it comes back as the end of a sentence, empty if nothing is. */
    String add(String name, InputStream content) throws IOException {
        Report report = new Report(name, mask);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(text(content));
            try {
                report.read(xml);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof CharacterCodingException) {
                return "it is not UTF-8";
            }
            if (e.getNestedException() instanceof IOException io) {
                throw io;
            }
            return "it is not well-formed XML: " + ShellText.shown(firstLine(String.valueOf(e.getMessage())));
        } catch (CharacterCodingException e) {
            return "it is not UTF-8";
        } catch (NoReportException e) {
            return e.problem;
        }
        total += report.total;
        failed += report.failed;
        skipped += report.skipped;
        int room = TestSummary.MOST_FAILURES - failures.size();
        failures.addAll(report.failures.subList(0, Math.min(room, report.failures.size())));
        return "";
    }

    /** Decoded here and not by the parser, which tells the standard error of bytes that it cannot decode. */
    private static Reader text(InputStream content) throws IOException {
        BufferedReader text = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8.newDecoder()));
        text.mark(1);
        if (text.read() != BYTE_ORDER_MARK) {
            text.reset();
        }
        return text;
    }

    private static String firstLine(String message) {
        String text = message.strip();
        // The JDK's parser says where before it says what, on a line of its own.
        int what = text.indexOf("Message: ");
        return (what >= 0 ? text.substring(what + "Message: ".length()) : text)
                .lines()
                .findFirst()
                .orElse("");
    }

    /** What a failure says: the line for people, and the beginning of its text. */
    private record Account(String message, String text) {}

    private static final class Report {
        private final String file;
        private int total;
        private int failed;
        private int skipped;
        private final List<TestSummary.Failure> failures = new ArrayList<>();
        private final UnaryOperator<String> mask;

        Report(String file, UnaryOperator<String> mask) {
            this.file = file;
            this.mask = mask;
        }

        void read(XMLStreamReader xml) throws XMLStreamException, NoReportException {
            int depth = 0;
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.DTD ->
                        throw new NoReportException("it has a document type, which no test report needs");
                    case XMLStreamConstants.START_ELEMENT -> {
                        String name = xml.getLocalName();
                        depth++;
                        if (depth == 1 && !name.equals("testsuite") && !name.equals("testsuites")) {
                            throw new NoReportException("it is no JUnit report: its root is '" + ShellText.shown(name)
                                    + "', not 'testsuite' or 'testsuites'");
                        }
                        if (depth > DEEPEST) {
                            throw new NoReportException("it is deeper than " + DEEPEST + " levels");
                        }
                        if (name.equals("testcase")) {
                            testCase(xml);
                            depth--;
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    default -> {}
                }
            }
        }

        /** From the start of a test case to its end. Flaky failures and those of reruns are no failures of the test. */
        private void testCase(XMLStreamReader xml) throws XMLStreamException, NoReportException {
            String test = name(xml);
            String type = attribute(xml, "classname");
            String source = attribute(xml, "file");
            String line = attribute(xml, "line");
            Optional<Account> failure = Optional.empty();
            boolean isSkipped = false;
            int depth = 1;
            while (depth > 0) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        depth++;
                        String child = xml.getLocalName();
                        if (depth == 2 && (child.equals("failure") || child.equals("error")) && failure.isEmpty()) {
                            failure = Optional.of(account(xml));
                            depth--;
                        } else if (depth == 2 && child.equals("skipped")) {
                            isSkipped = true;
                        }
                        if (depth > DEEPEST) {
                            throw new NoReportException("it is deeper than " + DEEPEST + " levels");
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    default -> {}
                }
            }
            total++;
            if (failure.isPresent()) {
                failed++;
                if (failures.size() < TestSummary.MOST_FAILURES) {
                    failures.add(new TestSummary.Failure(
                            mask.apply(test),
                            mask.apply(failure.get().message()),
                            TestPlaces.of(
                                    mask.apply(source),
                                    line,
                                    type,
                                    failure.get().text(),
                                    file)));
                }
            } else if (isSkipped) {
                skipped++;
            }
        }

        private static String name(XMLStreamReader xml) {
            String className = attribute(xml, "classname");
            String name = attribute(xml, "name");
            return className.isEmpty() || name.isEmpty() ? className + name : className + "." + name;
        }

        /** The message of a failure, or its type, or the first line of its text; read to its end. */
        private static Account account(XMLStreamReader xml) throws XMLStreamException, NoReportException {
            String message = attribute(xml, "message").strip();
            String type = attribute(xml, "type");
            StringBuilder text = new StringBuilder();
            int depth = 1;
            while (depth > 0) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth++;
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (text.length() < LONGEST_TEXT) {
                            text.append(xml.getText(), 0, Math.min(LONGEST_TEXT, xml.getTextLength()));
                        }
                    }
                    default -> {}
                }
                if (depth > DEEPEST) {
                    throw new NoReportException("it is deeper than " + DEEPEST + " levels");
                }
            }
            if (message.isEmpty()) {
                message = text.toString().strip();
            }
            return new Account(
                    message.isEmpty() ? type : message.lines().findFirst().orElse(""), text.toString());
        }

        private static String attribute(XMLStreamReader xml, String name) {
            String value = xml.getAttributeValue(null, name);
            return value == null ? "" : value;
        }
    }

    /** The document is XML, but not a report; the problem is the end of a sentence. */
    private static final class NoReportException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String problem;

        NoReportException(String problem) {
            super(problem);
            this.problem = problem;
        }
    }
}
