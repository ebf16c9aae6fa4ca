// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.run.TestSummary;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the JUnit XML reports of a stage say. They come from the code under test, so nothing in them is believed to be well formed.
 *
 * @param tests the numbers from all reports that could be read
 * @param problems one line for each report that could not be read, at most {@value #MOST_PROBLEMS}, or for the archive itself; empty if all went well
 */
public record JUnitReports(TestSummary tests, List<String> problems) {
    /** How many problems are named; more are passed over. */
    public static final int MOST_PROBLEMS = 10;

    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES_PER_FILE = 32L << 20;
    private static final long MOST_BYTES = 512L << 20;

    /** Copies the list. */
    public JUnitReports {
        problems = List.copyOf(problems);
    }

    /**
     * Reads an archive of reports, at most 10,000 files of 32 MiB each and 512 MiB together.
     *
     * @param archive the archive, as work orders pack it; it is not closed
     * @return what it says; whatever is wrong with it is among the problems
     * @throws IOException if the stream itself cannot be read
     */
    public static JUnitReports read(InputStream archive) throws IOException {
        return read(archive, UnaryOperator.identity());
    }

    /**
     * Reads an archive of reports as {@link #read(InputStream)} does, with secrets masked.
     *
     * @param archive the archive; it is not closed
     * @param mask masks the secrets in a text
     * @return what it says
     * @throws IOException if the stream itself cannot be read
     */
    public static JUnitReports read(InputStream archive, UnaryOperator<String> mask) throws IOException {
        JUnitXml xml = new JUnitXml(mask);
        List<String> problems = new ArrayList<>();
        try {
            Archives.read(archive, new ArchiveLimits(MOST_FILES, MOST_BYTES), (entry, content) -> {
                if (!entry.directory()) {
                    readFile(xml, entry, content, problems);
                }
            });
        } catch (RefusedInputException e) {
            problems.add("the test reports are read in part only: " + e.getMessage());
        }
        return new JUnitReports(xml.summary(), problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS)));
    }

    private static void readFile(JUnitXml xml, Archives.Entry entry, InputStream content, List<String> problems)
            throws IOException {
        String problem = entry.size() > MOST_BYTES_PER_FILE
                ? "it has " + entry.size() + " bytes; at most " + MOST_BYTES_PER_FILE + " are read"
                : xml.add(entry.name(), content);
        if (!problem.isEmpty()) {
            problems.add("test report '" + ShellText.shown(entry.name()) + "': " + problem);
        }
    }
}
