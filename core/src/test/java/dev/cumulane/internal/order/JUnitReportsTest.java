// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.TestSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JUnitReportsTest {
    private static final String SUREFIRE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="com.example.ShopTest" time="0.1" tests="6" errors="1" skipped="1" failures="1">
              <properties><property name="java.version" value="17"/></properties>
              <testcase name="adds" classname="com.example.ShopTest" time="0.01"/>
              <testcase name="fails" classname="com.example.ShopTest" time="0.01">
                <failure message="expected: &lt;1&gt; but was: &lt;2&gt;&#10;second line" type="AssertionError"><![CDATA[at com.example]]></failure>
                <rerunFailure message="again" type="AssertionError"/>
                <system-out><![CDATA[<failure>no</failure>]]></system-out>
              </testcase>
              <testcase name="breaks" classname="com.example.ShopTest" time="0.01">
                <error type="java.lang.IllegalStateException"/>
              </testcase>
              <testcase name="sleeps" classname="com.example.ShopTest" time="0"><skipped message="later"/></testcase>
              <testcase name="wavers" classname="com.example.ShopTest" time="0.01">
                <flakyFailure message="once" type="AssertionError"/><flakyError message="twice" type="X"/>
              </testcase>
              <testcase name="" classname="com.example.OtherTest"><failure>
                  no database
                  at line 1</failure></testcase>
            </testsuite>
            """;

    @Test
    void countsTestsAndNamesTheFailedOnes() throws IOException {
        JUnitReports reports = read(new RawTar().file("TEST-a.xml", SUREFIRE));

        assertThat(reports.problems()).isEmpty();
        assertThat(reports.tests().total()).isEqualTo(6);
        assertThat(reports.tests().failed()).isEqualTo(3);
        assertThat(reports.tests().skipped()).isEqualTo(1);
        assertThat(reports.tests().failures())
                .containsExactly(
                        new TestSummary.Failure("com.example.ShopTest.fails", "expected: <1> but was: <2>"),
                        new TestSummary.Failure("com.example.ShopTest.breaks", "java.lang.IllegalStateException"),
                        new TestSummary.Failure("com.example.OtherTest", "no database"));
    }

    @Test
    void addsUpFilesAndNestedSuites() throws IOException {
        String nested = "<testsuites><testsuite><testsuite><testcase name='a' classname='A'/></testsuite></testsuite>"
                + "<testsuite><testcase name='b' classname='B'><failure message='no'/></testcase></testsuite></testsuites>";

        JUnitReports reports =
                read(new RawTar().directory("r/").file("r/1.xml", nested).file("r/2.xml", nested));

        assertThat(reports.tests().total()).isEqualTo(4);
        assertThat(reports.tests().failed()).isEqualTo(2);
        assertThat(reports.problems()).isEmpty();
    }

    @Test
    void readsTheOtherReportsWhenOneIsMalformed() throws IOException {
        JUnitReports reports = read(new RawTar()
                .file("cut.xml", SUREFIRE.substring(0, 900))
                .file("html.xml", "<html/>")
                .file("empty.xml", "")
                .file("good.xml", SUREFIRE));

        assertThat(reports.tests().total()).isEqualTo(6);
        assertThat(reports.problems())
                .satisfiesExactly(
                        cut -> assertThat(cut).startsWith("test report 'cut.xml': it is not well-formed XML: "),
                        html -> assertThat(html)
                                .isEqualTo(
                                        "test report 'html.xml': it is no JUnit report: its root is 'html', not 'testsuite' or 'testsuites'"),
                        empty -> assertThat(empty).startsWith("test report 'empty.xml': it is not well-formed XML: "));
    }

    @Test
    void opensNoOtherDocumentAndExpandsNoEntity(@TempDir Path home) throws IOException {
        Path secret = Files.writeString(home.resolve("secret"), "the secret");
        String external = "<!DOCTYPE testsuite [<!ENTITY x SYSTEM '" + secret.toUri() + "'>]>"
                + "<testsuite><testcase name='a' classname='A'><failure>&x;</failure></testcase></testsuite>";
        String laughs = "<!DOCTYPE testsuite [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"
                + "<testsuite><testcase name='&b;' classname='A'/></testsuite>";
        String elsewhere = "<!DOCTYPE testsuite SYSTEM '" + secret.toUri() + "'><testsuite/>";

        JUnitReports reports =
                read(new RawTar().file("1.xml", external).file("2.xml", laughs).file("3.xml", elsewhere));

        assertThat(reports.tests().total()).isZero();
        assertThat(reports.problems()).hasSize(3).noneMatch(problem -> problem.contains("the secret"));
    }

    @Test
    void readsUtf8WithOrWithoutAByteOrderMarkAndNothingElse() throws IOException {
        byte[] latin = SUREFIRE.replace("adds", "\u00e4dds").getBytes(StandardCharsets.ISO_8859_1);

        JUnitReports reports = read(new RawTar()
                .file("mark.xml", "\ufeff" + SUREFIRE)
                .header('0', "latin.xml".getBytes(StandardCharsets.UTF_8), "", 0644, latin.length)
                .bytes(latin)
                .pad());

        assertThat(reports.tests().total()).isEqualTo(6);
        assertThat(reports.problems()).containsExactly("test report 'latin.xml': it is not UTF-8");
    }

    @Test
    void refusesADeepDocument() throws IOException {
        JUnitReports reports = read(new RawTar()
                .file("1.xml", "<testsuite>".repeat(100) + "</testsuite>".repeat(100))
                .file(
                        "2.xml",
                        "<testsuite><testcase><failure>" + "<a>".repeat(100) + "</a>".repeat(100)
                                + "</failure></testcase></testsuite>")
                .file(
                        "3.xml",
                        "<testsuite><testcase>" + "<a>".repeat(100) + "</a>".repeat(100) + "</testcase></testsuite>"));

        assertThat(reports.problems()).hasSize(3).allMatch(problem -> problem.endsWith("it is deeper than 50 levels"));
    }

    @Test
    void saysWhatIsWrongWithTheArchive() throws IOException {
        RawTar tar = new RawTar().file("a.xml", SUREFIRE).link('2', "b.xml", "/etc/passwd");

        JUnitReports reports = read(tar);

        assertThat(reports.tests().total()).isEqualTo(6);
        assertThat(reports.problems())
                .containsExactly(
                        "the test reports are read in part only: 'b.xml' in the archive is a symbolic link; only files and directories are taken");
    }

    @Test
    void namesAFewProblemsOnly() throws IOException {
        RawTar tar = new RawTar();
        for (int i = 0; i < 30; i++) {
            tar.file(i + ".xml", "<html/>");
        }

        assertThat(read(tar).problems()).hasSize(JUnitReports.MOST_PROBLEMS);
    }

    /** Whatever stands in a report, reading it ends with numbers or a problem. */
    @Test
    void survivesDamage() throws IOException {
        long seed = Long.getLong("cumulane.seed", 20261123);
        Random random = new Random(seed);
        int problems = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = SUREFIRE.getBytes(StandardCharsets.UTF_8);
            for (int j = 0; j <= random.nextInt(4); j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            RawTar tar = new RawTar()
                    .header('0', new byte[] {'a'}, "", 0644, damaged.length)
                    .bytes(damaged)
                    .pad();
            JUnitReports reports = read(tar);
            problems += reports.problems().size();
            assertThat(reports.tests().total())
                    .as("seed " + seed + ", round " + i)
                    .isBetween(0, 6);
        }
        assertThat(problems).as("seed " + seed).isGreaterThan(200);
    }

    private static JUnitReports read(RawTar tar) throws IOException {
        return JUnitReports.read(new ByteArrayInputStream(tar.gz()));
    }
}
