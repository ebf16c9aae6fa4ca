// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.hosted;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.fake.FunctionsHost;
import dev.cumulane.azure.functions.FunctionApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written for the host; that it works is shown where the host reads it. */
final class FunctionAppTest {
    private static final String ENTRY = ShopCi.class.getName();
    private static final Map<String, String> SETTINGS = Map.of(AzureVariables.SWEEP, "0 */5 * * * *");

    @TempDir
    Path directory;

    @Test
    void ingress_answers_anybody_at_any_path() {
        SortedMap<String, String> files = new FunctionApp(FunctionApp.Kind.INGRESS, "shop.ShopCi").files();

        assertThat(files).containsOnlyKeys("host.json", "ingress/function.json");
        assertThat(files.get("ingress/function.json")).isEqualTo("""
                {
                  "scriptFile" : "../cumulane.jar",
                  "entryPoint" : "shop.ShopCi.ingress",
                  "bindings" : [ {
                    "type" : "httpTrigger",
                    "direction" : "in",
                    "name" : "request",
                    "route" : "{*path}",
                    "authLevel" : "anonymous"
                  }, {
                    "type" : "http",
                    "direction" : "out",
                    "name" : "$return"
                  } ]
                }
                """);
        assertThat(files.get("host.json")).contains("\"routePrefix\" : \"\"").doesNotContain("queues");
    }

    @Test
    void engine_and_worker_listen_to_queues_whose_messages_are_in_base64() {
        SortedMap<String, String> engine = new FunctionApp(FunctionApp.Kind.ENGINE, "shop.ShopCi").files();
        SortedMap<String, String> worker = new FunctionApp(FunctionApp.Kind.WORKER, "shop.ShopCi").files();

        assertThat(engine).containsOnlyKeys("host.json", "engine/function.json", "sweep/function.json");
        assertThat(engine.get("engine/function.json"))
                .contains(
                        "\"queueName\" : \"" + Emulators.NAMES.queue() + "\"", "\"connection\" : \"CUMULANE_STORAGE\"");
        assertThat(engine.get("sweep/function.json")).contains("\"schedule\" : \"%CUMULANE_SWEEP%\"");
        assertThat(worker.get("worker/function.json")).contains("\"queueName\" : \"%CUMULANE_CALLS%\"");
        assertThat(worker.get("host.json"))
                .contains("\"batchSize\" : 1", "\"newBatchThreshold\" : 0", "\"messageEncoding\" : \"base64\"");
    }

    @Test
    void a_package_is_the_same_bytes_each_time_and_has_the_jar() throws Exception {
        Path jar = Files.writeString(directory.resolve("shop.jar"), "the jar");
        FunctionApp app = new FunctionApp(FunctionApp.Kind.ENGINE, "shop.ShopCi");

        app.pack(jar, directory.resolve("1.zip"));
        app.pack(jar, directory.resolve("2.zip"));

        assertThat(directory.resolve("1.zip")).hasSameBinaryContentAs(directory.resolve("2.zip"));
        try (ZipFile zip = new ZipFile(directory.resolve("1.zip").toFile())) {
            assertThat(zip.stream().map(Object::toString))
                    .containsExactly(
                            "engine/function.json",
                            "host.json",
                            "sweep/function.json",
                            "cumulane.sha256",
                            "cumulane.jar");
            assertThat(new String(
                            zip.getInputStream(zip.getEntry("cumulane.jar")).readAllBytes(), UTF_8))
                    .isEqualTo("the jar");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop.", ".Shop", "shop/Shop", "shop.Shop\n", "1shop.Shop", "shop. Shop"})
    void what_is_no_class_name_is_refused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new FunctionApp(FunctionApp.Kind.INGRESS, name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cumulane.jar | cumulane.jar\", \"disabled\" : false, \"jar\" : \"",
                "../cumulane.jar | cumulane.jar",
                "ShopCi.sweep | ShopCi.swept",
                "ShopCi.sweep | ShopCi.wait",
                "hosted.ShopCi | hosted.CartCi",
                "timerTrigger | clockTrigger",
                "\"in\" | \"out\"",
                "\"timer\" | \"clock\"",
                "\"schedule\" | \"cron\"",
                "%CUMULANE_SWEEP% | %OTHER%",
                "%CUMULANE_SWEEP% | 5 * * * *"
            })
    void the_host_of_these_tests_loads_nothing_that_is_wrong(String right, String wrong) {
        SortedMap<String, String> files = new TreeMap<>(new FunctionApp(FunctionApp.Kind.ENGINE, ENTRY).files());
        files.remove("engine/function.json");
        loads(files);
        assertThat(files.get("sweep/function.json")).contains(right);

        files.compute("sweep/function.json", (path, text) -> text.replace(right, wrong));

        assertThatIllegalArgumentException().isThrownBy(() -> loads(files));
    }

    @Test
    void nor_a_host_that_lets_functions_take_longer_than_they_can() {
        SortedMap<String, String> files = new TreeMap<>(new FunctionApp(FunctionApp.Kind.INGRESS, ENTRY).files());
        files.compute("host.json", (path, text) -> text.replace("00:10:00", "00:30:00"));

        assertThatIllegalArgumentException().isThrownBy(() -> loads(files));
    }

    private static void loads(SortedMap<String, String> files) {
        new FunctionsHost(
                        files,
                        ShopCi.class.getClassLoader(),
                        SETTINGS,
                        Emulators.clients(Map.of("queue", java.net.URI.create("http://127.0.0.1:9/shop")))
                                .queues(),
                        (operation, line) -> {})
                .close();
    }

    @Test
    void a_process_has_one_instance_of_an_entry_class_and_others_are_made_each_time() throws Exception {
        FunctionInstanceInjector instances =
                ServiceLoader.load(FunctionInstanceInjector.class).findFirst().orElseThrow();

        assertThat(instances.getInstance(ShopCi.class)).isSameAs(instances.getInstance(ShopCi.class));
        assertThat(instances.getInstance(StringBuilder.class)).isNotSameAs(instances.getInstance(StringBuilder.class));
    }
}
