// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.internal.order.Bench.Ended;
import dev.cumulane.internal.order.BuildOrder.Source;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The few lines that fetch an order. */
class LauncherTest extends OnTheBench {
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    @Test
    void staysWithinItsLimitAtItsLongest() {
        String frame = Launcher.script("file:/", DIGEST, "file:/");
        String longest = "file:/" + "x".repeat(Launcher.MOST_BYTES - frame.length());

        assertThat(Launcher.script(longest, DIGEST, "file:/").getBytes(StandardCharsets.UTF_8))
                .hasSize(Launcher.MOST_BYTES);
        assertThat(longest.length()).as("room for the addresses").isGreaterThan(900);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Launcher.script(longest + "x", DIGEST, "file:/"))
                .withMessageContaining("would have 2049 bytes and not at most 2048");
    }

    @Test
    void hasRoomForTheLongestAddressOfIngressAndForAnyPass() {
        URI longest = URI.create("https://" + "x".repeat(WorkEndpoint.LONGEST_ADDRESS - 8));

        String script = Launcher.script(longest, "p".repeat(200), DIGEST);

        assertThat(script.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(Launcher.MOST_BYTES);
        assertThat(script).contains("'" + longest + "'").doesNotContain("$(", "${{", "$_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/a$(touch x)/o", "file:/a${{ x }}/o", "file:/a$_/o", "file:/a'$(x)'$$_"})
    void containsNothingThatACloudsTemplateLanguageExpands(String address) {
        assertThat(Launcher.script(address, DIGEST, "file:/$(x)${{$_")).doesNotContain("$(", "${{", "$_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/o", "https://example.com/o", "-o/etc/passwd", "", "file:relative"})
    void refusesAddressesOfOtherKinds(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Launcher.script(address, DIGEST, "file:/s"))
                .withMessageContaining("starts with 'file:/'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Launcher.script("file:/o", DIGEST, address))
                .withMessageContaining("starts with 'file:/'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; touch hurt; '", "$(touch hurt)", "", "a\nb"})
    void refusesAPassThatWouldBeMoreThanText(String pass) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Launcher.script(URI.create("https://example.com/work"), pass, DIGEST));
    }

    @ParameterizedTest
    @EnumSource
    void findsAnOrderAndAStoreWithShellCharactersInTheirPaths(Shell shell) throws IOException {
        Bench bench = new Bench(Files.createDirectories(home.resolve("it's $(touch hurt) $_ \"${{")), shell);

        Ended ended = bench.run(Bench.order(Source.none(), "true"));

        assertThat(ended.exitCode()).as(ended.log()).isZero();
        assertThat(bench.hasResult()).isTrue();
        assertThat(home.resolve("hurt")).doesNotExist();
        Bench.removeTools(bench.home());
    }

    @ParameterizedTest
    @EnumSource
    void runsNoOrderButTheOneThatWasAnnounced(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        Path order = Files.writeString(home.resolve("order"), "touch ran\n");

        Ended ended = bench.start(DIGEST, order).await();

        assertThat(ended.exitCode()).isEqualTo(65);
        assertThat(ended.log()).isEqualTo("== the work order has other bytes than announced\n");
        assertThat(home.resolve("launch 1/ran")).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource
    void saysWhenTheOrderIsGoneOrCannotBeChecked(Shell shell) throws IOException {
        Bench bench = new Bench(home, shell);
        assertThat(bench.start(DIGEST, home.resolve("gone")).await().exitCode()).isEqualTo(69);

        bench.without("sha256sum", "shasum", "openssl");
        Ended ended = bench.run(Bench.order(Source.none(), "touch ran"));

        assertThat(ended.exitCode()).isEqualTo(69);
        assertThat(ended.log()).isEqualTo("== none of sha256sum, shasum, openssl is on the PATH of this machine\n");
        assertThat(bench.claim()).isEmpty();
    }
}
