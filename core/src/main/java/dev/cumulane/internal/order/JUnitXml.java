// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.run.TestSummary;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Adds up JUnit XML reports in the dialect of Surefire and Gradle. A report counts as a whole or not at all. */
final class JUnitXml {
    private static final int DEEPEST = 50;

    private final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    private int total;
    private int failed;
    private int skipped;
    private final List<TestSummary.Failure> failures = new ArrayList<>();

    JUnitXml() {
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
    String add(InputStream content) throws IOException {
        Report report = new Report();
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new Unclosed(content));
            try {
                report.read(xml);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException io && !(io instanceof CharConversionException)) {
                throw io;
            }
            return "it is not well-formed XML: " + ShellText.shown(firstLine(String.valueOf(e.getMessage())));
        } catch (RefusedInputException e) {
            return e.getMessage();
        }
        total += report.total;
        failed += report.failed;
        skipped += report.skipped;
        int room = TestSummary.MOST_FAILURES - failures.size();
        failures.addAll(report.failures.subList(0, Math.min(room, report.failures.size())));
        return "";
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

    private static final class Report {
        private int total;
        private int failed;
        private int skipped;
        private final List<TestSummary.Failure> failures = new ArrayList<>();

        void read(XMLStreamReader xml) throws XMLStreamException, RefusedInputException {
            int depth = 0;
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.DTD ->
                        throw new RefusedInputException("it has a document type, which no test report needs");
                    case XMLStreamConstants.START_ELEMENT -> {
                        String name = xml.getLocalName();
                        depth++;
                        if (depth == 1 && !name.equals("testsuite") && !name.equals("testsuites")) {
                            throw new RefusedInputException("it is no JUnit report: its root is '"
                                    + ShellText.shown(name) + "', not 'testsuite' or 'testsuites'");
                        }
                        if (depth > DEEPEST) {
                            throw new RefusedInputException("it is deeper than " + DEEPEST + " levels");
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
        private void testCase(XMLStreamReader xml) throws XMLStreamException, RefusedInputException {
            String test = name(xml);
            Optional<String> failure = Optional.empty();
            boolean isSkipped = false;
            int depth = 1;
            while (depth > 0) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        depth++;
                        String child = xml.getLocalName();
                        if (depth == 2 && (child.equals("failure") || child.equals("error")) && failure.isEmpty()) {
                            failure = Optional.of(message(xml));
                            depth--;
                        } else if (depth == 2 && child.equals("skipped")) {
                            isSkipped = true;
                        }
                        if (depth > DEEPEST) {
                            throw new RefusedInputException("it is deeper than " + DEEPEST + " levels");
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
                    failures.add(new TestSummary.Failure(test, failure.get()));
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
        private static String message(XMLStreamReader xml) throws XMLStreamException, RefusedInputException {
            String message = attribute(xml, "message").strip();
            String type = attribute(xml, "type");
            StringBuilder text = new StringBuilder();
            int depth = 1;
            while (depth > 0) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth++;
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (text.length() < 2000) {
                            text.append(xml.getText(), 0, Math.min(2000, xml.getTextLength()));
                        }
                    }
                    default -> {}
                }
                if (depth > DEEPEST) {
                    throw new RefusedInputException("it is deeper than " + DEEPEST + " levels");
                }
            }
            if (message.isEmpty()) {
                message = text.toString().strip();
            }
            return message.isEmpty() ? type : message.lines().findFirst().orElse("");
        }

        private static String attribute(XMLStreamReader xml, String name) {
            String value = xml.getAttributeValue(null, name);
            return value == null ? "" : value;
        }
    }

    /** The archive's stream goes on behind the report, whatever a parser thinks of closing. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // The entry belongs to the archive's reader.
        }
    }
}
