// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ticket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.contract.SignedStore;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.testing.SimulatedCloud;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the desk signs, and what it refuses. */
class WorkDeskTest {
    private static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/build/2");
    private static final Digest INPUT = Digest.of("input".getBytes(UTF_8));
    private static final String CLAIM = "claims/shop-0k3v9q2m7xw4b1ce/build/2";
    private static final String RESULT = "results/shop-0k3v9q2m7xw4b1ce/build/2.json";
    private static final String HASH = "0a".repeat(32);

    private final SimulatedCloud simulated = simulated();
    private final SignedStore store = new SignedStore(simulated.clock(), SignedStore.Words.S3);
    private final Cloud cloud = with(simulated, "new", "old");
    private final Instant until = simulated.clock().instant().plus(Duration.ofHours(1));
    private final Ticket ticket = new Ticket(
            ATTEMPT,
            until,
            new TreeSet<>(List.of(INPUT)),
            new Ticket.Caches(List.of("caches/shop/internal/m2/"), List.of("caches/shop/trusted/m2/")));

    private static SimulatedCloud simulated() {
        SimulatedCloud cloud = SimulatedCloud.of();
        cloud.addSecret("new", "n".repeat(32));
        cloud.addSecret("old", "o".repeat(32));
        cloud.addSecret("short", "s".repeat(31));
        return cloud;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Cloud with(Cloud right, String... keys) {
        WorkEndpoint endpoint = new WorkEndpoint(URI.create("https://ingress.example.com/work"), List.of(keys));
        Cloud stored = Twisted.of(Cloud.class, right, "artifacts/0", (same, given) -> store);
        Cloud told = Twisted.of(Cloud.class, stored, "workEndpoint/0", (same, given) -> Optional.of(endpoint));
        return Twisted.of(Cloud.class, told, "ticketKeys/0", (same, given) -> endpoint.keys());
    }

    private static TicketOffice office(Cloud cloud) {
        return TicketOffice.of(cloud).orElseThrow();
    }

    private static HttpAnswer post(Cloud cloud, String body) {
        HttpRequest request = HttpRequest.of("POST", "/work", "", Map.of(), body.getBytes(ISO_8859_1));
        return Engine.on(cloud).open().answer(request);
    }

    private HttpAnswer wish(String wish) {
        return post(cloud, office(cloud).issue(ticket) + "\n" + wish + "\n");
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), UTF_8);
    }

    @ParameterizedTest
    @MethodSource("named")
    void what_the_ticket_names_is_signed(String wish, String method, String path) {
        HttpAnswer answer = wish(wish);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer)).startsWith(method + " http://127.0.0.1:").contains(path + "?");
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
    }

    static List<Arguments> named() {
        return List.of(
                Arguments.of("get " + INPUT, "GET", "/objects/" + INPUT),
                Arguments.of("put " + HASH + " 12", "PUT", "/objects/" + HASH),
                Arguments.of("put " + HASH + " 0", "PUT", "/objects/" + HASH),
                Arguments.of("create " + CLAIM + " 38", "PUT", "/keys/" + CLAIM),
                Arguments.of("create " + RESULT + " 900", "PUT", "/keys/" + RESULT),
                Arguments.of("read " + CLAIM, "GET", "/keys/" + CLAIM),
                Arguments.of("read " + RESULT, "GET", "/keys/" + RESULT),
                Arguments.of(
                        "create caches/shop/internal/m2/" + HASH + " 5000000",
                        "PUT",
                        "/keys/caches/shop/internal/m2/" + HASH),
                Arguments.of("read caches/shop/internal/m2/" + HASH, "GET", "/keys/caches/shop/internal/m2/" + HASH),
                Arguments.of("read caches/shop/trusted/m2/" + HASH, "GET", "/keys/caches/shop/trusted/m2/" + HASH));
    }

    @Test
    void the_condition_of_a_creation_is_among_the_headers() {
        assertThat(text(wish("create " + CLAIM + " 38")).lines()).contains("if-none-match: *");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
                "get claims/shop-0k3v9q2m7xw4b1ce/build/2",
                "get ../keys/x",
                "create claims/shop-0k3v9q2m7xw4b1ce/build/1 38",
                "create claims/shop-0k3v9q2m7xw4b1ce/build/20 38",
                "create claims/shop-0k3v9q2m7xw4b1cf/build/2 38",
                "create results/shop-0k3v9q2m7xw4b1ce/build/1.json 38",
                "create cancel/shop-0k3v9q2m7xw4b1ce/build/2 38",
                "create deploys/production/17 38",
                "create claims/shop-0k3v9q2m7xw4b1ce/build/2",
                "create claims/shop-0k3v9q2m7xw4b1ce/build/../build/2 38",
                "read results/shop-0k3v9q2m7xw4b1ce/unit/1.json",
                "read reuse/0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
                "create caches/shop/trusted/m2/0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 5",
                "read caches/shop/internal/m2/../../trusted/m2/0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
                "read caches/shop/internal/m2/",
                "read caches/shop/internal/npm/0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
                "put 0a 5",
                "put 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a -5",
                "put 0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a 1e9",
                "delete claims/shop-0k3v9q2m7xw4b1ce/build/2",
                "get",
                " "
            })
    void what_the_ticket_does_not_name_is_refused(String wish) {
        assertThat(wish(wish).status()).isEqualTo(403);
    }

    @Test
    void what_is_too_large_is_refused_as_such() {
        assertThat(wish("put " + HASH + " " + (Ticket.LARGEST_OBJECT + 1)).status())
                .isEqualTo(413);
        assertThat(wish("create " + CLAIM + " 262145").status()).isEqualTo(413);
        assertThat(post(cloud, "x".repeat(WorkDesk.LARGEST_BODY + 1)).status()).isEqualTo(413);
    }

    @Test
    void a_ticket_whose_text_was_changed_anywhere_is_none() {
        String whole = office(cloud).issue(ticket);
        int proof = whole.indexOf("proof ");
        IntStream.range(0, whole.length()).filter(i -> whole.charAt(i) != '\n').forEach(i -> {
            char other = whole.charAt(i) == '0' ? '1' : '0';
            String changed = whole.substring(0, i) + other + whole.substring(i + 1);

            assertThat(post(cloud, changed + "\nread " + CLAIM + "\n").status())
                    .as("character %s, proof from %s", i, proof)
                    .isEqualTo(401);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "proof ", "x\nproof 00\nread x", "order", "\u0000", "\u00ff\u00fe", "{}"})
    void what_is_no_ticket_proves_nothing(String body) {
        assertThat(post(cloud, body).status()).isEqualTo(401);
    }

    @Test
    void lines_after_the_wish_or_a_second_proof_make_it_no_ticket() {
        String whole = office(cloud).issue(ticket);

        assertThat(post(cloud, whole + "\nread " + CLAIM + "\nread " + RESULT + "\n")
                        .status())
                .isEqualTo(401);
        assertThat(post(cloud, whole + "\n" + whole + "\nread " + CLAIM + "\n").status())
                .isEqualTo(401);
        assertThat(post(cloud, whole.replace("proof ", "input " + HASH + "\nproof ") + "\nget " + HASH + "\n")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_ticket_is_over_at_its_time() {
        String whole = office(cloud).issue(ticket) + "\nread " + CLAIM + "\n";
        WorkOrder.Pass pass = office(cloud).pass(HASH_OF_ORDER, until);
        simulated.advance(Duration.ofMinutes(59));
        assertThat(post(cloud, whole).status()).isEqualTo(200);
        assertThat(post(cloud, pass.text()).status()).isEqualTo(303);

        simulated.advance(Duration.ofMinutes(1));

        assertThat(post(cloud, whole).status()).isEqualTo(403);
        assertThat(post(cloud, pass.text()).status()).isEqualTo(403);
    }

    private static final Digest HASH_OF_ORDER = Digest.of("an order".getBytes(UTF_8));

    @Test
    void a_pass_leads_to_its_order_and_to_no_other() {
        String pass = office(cloud).pass(HASH_OF_ORDER, until).text();

        HttpAnswer answer = post(cloud, pass + "\n");

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.headers().get("location")).contains("/objects/" + HASH_OF_ORDER + "?");
        assertThat(post(cloud, pass.replace(HASH_OF_ORDER.hex(), HASH)).status())
                .isEqualTo(401);
    }

    @Test
    void a_pass_is_no_ticket_and_a_ticket_no_pass() {
        String[] pass = office(cloud).pass(HASH_OF_ORDER, until).text().split(" ");
        String proof = pass[3];

        assertThat(post(cloud, "order " + pass[1] + " " + pass[2] + "\nproof " + proof + "\nread " + CLAIM)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tickets_of_the_old_key_are_taken_while_the_new_one_signs() {
        String before = office(with(simulated, "old")).issue(ticket) + "\nread " + CLAIM;
        String after = office(cloud).issue(ticket) + "\nread " + CLAIM;

        assertThat(post(cloud, before).status()).isEqualTo(200);
        assertThat(post(cloud, after).status()).isEqualTo(200);
        assertThat(post(with(simulated, "new"), before).status()).isEqualTo(401);
        assertThat(post(with(simulated, "new"), after).status()).isEqualTo(200);
    }

    @Test
    void without_a_usable_key_nothing_is_issued_and_ingress_asks_to_try_again() {
        String whole = office(cloud).issue(ticket) + "\nread " + CLAIM;

        for (String key : List.of("short", "nowhere")) {
            Cloud unusable = with(simulated, key);
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> office(unusable).issue(ticket))
                    .withMessageContaining("secret '" + key + "', is not there or shorter than 32 bytes");
            assertThat(post(unusable, whole).status()).isEqualTo(503);
        }
        assertThat(post(with(simulated, "nowhere", "new"), whole).status()).isEqualTo(200);
    }

    @Test
    void a_store_that_cannot_sign_now_is_asked_again_later() {
        SignedStore right = store;
        RequestSigner failing =
                Twisted.of(RequestSigner.class, right.signer().orElseThrow(), "read/2", (same, given) -> {
                    throw CloudException.permanent("signer", "no credentials");
                });
        Cloud broken = Twisted.of(
                Cloud.class,
                cloud,
                "artifacts/0",
                (same, given) ->
                        Twisted.of(ArtifactStore.class, right, "signer/0", (store, none) -> Optional.of(failing)));

        HttpAnswer answer = post(broken, office(cloud).issue(ticket) + "\nread " + CLAIM);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(text(answer)).doesNotContain("credentials");
    }

    @Test
    void a_cloud_without_signed_requests_has_no_desk() {
        HttpRequest request = HttpRequest.of("POST", "/work", "", Map.of(), new byte[0]);

        assertThat(Engine.on(simulated).open().answer(request).status()).isEqualTo(404);
        assertThat(TicketOffice.of(simulated)).isEmpty();
    }

    @Test
    void it_is_posted_to() {
        HttpAnswer answer = Engine.on(cloud).open().answer(HttpRequest.of("GET", "/work", "", Map.of(), new byte[0]));

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("allow", "POST");
    }

    @Test
    void a_ticket_of_the_most_inputs_is_taken() {
        TreeSet<Digest> most = new TreeSet<>();
        IntStream.range(0, 1200).forEach(i -> most.add(Digest.of(("input " + i).getBytes(UTF_8))));
        Ticket large = new Ticket(ATTEMPT, until, most, Ticket.Caches.NONE);

        assertThat(post(cloud, office(cloud).issue(large) + "\nget " + most.last())
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claims/",
                "caches/",
                "caches/shop",
                "caches/../claims/",
                "caches/shop/m2/",
                "caches/shop/trusted/$(x)/"
            })
    void a_cache_lies_below_its_own_keys(String prefix) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Ticket.Caches(List.of(prefix), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Ticket.Caches(List.of(), List.of(prefix)));
    }

    @Test
    void what_is_read_is_what_was_written() {
        assertThat(Ticket.parse(ticket.text())).isEqualTo(ticket);
        assertThatIllegalArgumentException().isThrownBy(() -> Ticket.parse("cumulane ticket 2\n"));
    }
}
