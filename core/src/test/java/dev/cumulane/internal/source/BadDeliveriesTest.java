// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Utf8;
import dev.cumulane.source.WebhookRequest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;

/** Bad deliveries start no run, whatever is wrong with them, and are answered so that no forge switches its hook off. */
class BadDeliveriesTest {
    private static final int FEWEST = 20;

    @ParameterizedTest
    @EnumSource
    void eachOfASendersBadDeliveriesHasItsAnswerAndALineInTheLogThatTellsNoSecret(Sender sender) {
        List<BadDelivery> all = BadDelivery.of(sender);

        assertThat(all).hasSizeGreaterThan(FEWEST);
        assertThat(all).extracting(BadDelivery::name).doesNotHaveDuplicates();
        for (BadDelivery bad : all) {
            BadDelivery.Answer answer = BadDelivery.answerTo(sender, bad.request())
                    .orElseThrow(() -> new AssertionError("it would start a run: " + bad.name()));
            assertThat(answer.status()).as(bad.name()).isEqualTo(bad.answer());
            assertThat(answer.why())
                    .as(bad.name())
                    .matches("[\\x20-\\x7e]{1,300}")
                    .doesNotContain(sender.secret(1));
            assertThat(bad.request().toString()).doesNotContain(sender.secret(1));
        }
        // Nothing is wrong with what they were made of.
        WebhookRequest good = sender.request(Sample.PUSH.event(sender), Sample.PUSH.body(sender));
        assertThat(BadDelivery.answerTo(sender, good)).isEmpty();
    }

    @Test
    void withoutASecretNothingIsBelieved() {
        WebhookRequest unsigned = WebhookRequest.of("POST", "shop", new TreeMap<>(), new byte[0]);
        for (Sender sender : Sender.values()) {
            assertThat(Webhooks.verify(sender.repository(), unsigned, List.of(), Sender.NOW))
                    .isEqualTo(new Verification.Refused(
                            401, "none of the repository's webhook secrets is there and can be used: hook"));
        }
    }

    @Test
    void allOfThemTogetherNeedLessThan64MegabytesOfMemory() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command =
                new ArrayList<>(List.of(java.toString(), "-Xmx64m", "-XX:MaxDirectMemorySize=1m", "-cp", classPath()));
        command.add(AllBadDeliveries.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        System.out.print("in a heap of 64 MB: " + output);
        assertThat(output).contains("all answered");
        assertThat(process.exitValue()).as(output).isZero();
    }

    /** Where the classes come from that the process needs; the build may have them on a module path. */
    private static String classPath() {
        return Stream.of(
                        BadDelivery.class,
                        Webhooks.class,
                        ObjectMapper.class,
                        JsonFactory.class,
                        JsonCreator.class,
                        Utf8.class,
                        Logger.class)
                .map(type -> Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString())))
                .map(Path::toString)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** In a process of its own, whose heap is limited. */
    static final class AllBadDeliveries {
        private AllBadDeliveries() {}

        public static void main(String[] arguments) {
            int count = 0;
            for (Sender sender : Sender.values()) {
                for (BadDelivery bad : BadDelivery.of(sender)) {
                    if (BadDelivery.answerTo(sender, bad.request())
                            .filter(answer -> answer.status() == bad.answer())
                            .isEmpty()) {
                        throw new AssertionError(sender + ": " + bad.name());
                    }
                    count++;
                }
            }
            System.out.println(count + " bad deliveries, all answered");
        }
    }
}
