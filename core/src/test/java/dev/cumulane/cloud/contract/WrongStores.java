// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static dev.cumulane.cloud.contract.Twisted.NOTHING;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.SignedStore.Flaw;
import dev.cumulane.pipeline.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Artifact stores that each break one promise, asked themselves or by signed requests. */
final class WrongStores {
    private WrongStores() {}

    static List<Wrong> stores() {
        Map<String, byte[]> keys = new ConcurrentHashMap<>();
        return List.of(
                store(
                        "overwrites keys",
                        "a_key_keeps_the_value_that_created_it",
                        right -> Twisted.of(
                                ArtifactStore.class,
                                Twisted.of(
                                        ArtifactStore.class,
                                        right,
                                        "read/1",
                                        (same, given) -> Optional.ofNullable(keys.get((String) given[0]))),
                                "create/2",
                                (same, given) -> {
                                    keys.put((String) given[0], (byte[]) given[1]);
                                    return NOTHING;
                                })),
                store(
                        "gives each creator its own",
                        "of_32_creators_of_a_key_one_wins_and_all_read_its_value",
                        right -> {
                            Map<Thread, byte[]> mine = new ConcurrentHashMap<>();
                            return Twisted.of(
                                    ArtifactStore.class,
                                    Twisted.of(
                                            ArtifactStore.class,
                                            right,
                                            "read/1",
                                            (same, given) -> Optional.ofNullable(mine.get(Thread.currentThread()))),
                                    "create/2",
                                    (same, given) -> {
                                        mine.put(Thread.currentThread(), (byte[]) given[1]);
                                        return NOTHING;
                                    });
                        }),
                store(
                        "trusts the disk",
                        "a_damaged_object_is_refused_and_named",
                        right -> Twisted.of(
                                ArtifactStore.class,
                                right,
                                "read/2",
                                (same, given) -> same.open((Digest) given[0]).map(in -> {
                                    try (in) {
                                        return in.readAllBytes();
                                    } catch (java.io.IOException e) {
                                        throw new java.io.UncheckedIOException(e);
                                    }
                                }))),
                store(
                        "names objects as it likes",
                        "an_object_is_stored_under_the_sha256_of_its_bytes",
                        right -> Twisted.of(
                                ArtifactStore.class,
                                right,
                                "put/1",
                                (same, given) -> Digest.of("anything".getBytes(UTF_8)))),
                store(
                        "takes any key",
                        "a_hostile_key_is_refused_for_creating_and_reading(java.lang.String)",
                        right -> Twisted.of(ArtifactStore.class, right, "create/2", (same, given) -> NOTHING)),
                store(
                        "has what was never put",
                        "an_object_that_was_never_put_is_absent",
                        right -> Twisted.of(ArtifactStore.class, right, "has/1", (same, given) -> true)));
    }

    static List<Wrong> signedStores() {
        return List.of(
                signed(Flaw.NO_SIGNATURE_IS_CHECKED, "a_request_is_for_one_object_and_one_method"),
                signed(Flaw.NO_END_IS_CHECKED, "a_request_is_over_when_its_life_is"),
                signed(Flaw.NO_SIZE_IS_CHECKED, "a_body_of_another_size_than_was_signed_for_leaves_no_object"),
                signed(Flaw.NO_CHECKSUM_IS_CHECKED, "a_body_of_other_bytes_than_were_signed_for_leaves_no_object"),
                signed(
                        Flaw.THE_LAST_CREATOR_WINS,
                        "a_key_that_is_there_keeps_its_value_and_nobody_is_told_to_have_created_it"),
                signed(
                        Flaw.EVERY_CREATOR_IS_TOLD_TO_HAVE_WON,
                        "of_16_creators_of_a_key_one_alone_is_told_so_and_all_read_its_value"),
                signed(Flaw.THE_CONDITION_IS_NOT_SIGNED, "the_condition_of_a_creation_cannot_be_left_out"),
                signed(Flaw.WHAT_IS_ABSENT_IS_EMPTY, "what_is_absent_is_told_so_and_is_no_error_of_the_store"),
                signed(
                        Flaw.WHAT_IS_READ_NEEDS_A_HEADER,
                        "what_is_got_needs_no_headers_so_that_a_redirect_can_lead_to_it"),
                signed(Flaw.PUTS_ARE_FORGOTTEN, "an_object_is_put_and_the_store_has_it"));
    }

    private static Wrong signed(Flaw flaw, String test) {
        return new Wrong(
                flaw.name(), ContractsRefuseTest.OnSignedStore.class, test, right -> ((SignedStore) right).with(flaw));
    }

    private static Wrong store(String how, String test, Function<ArtifactStore, ArtifactStore> wrong) {
        return new Wrong(how, ContractsRefuseTest.OnStore.class, test, right -> wrong.apply((ArtifactStore) right));
    }
}
