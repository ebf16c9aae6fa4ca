// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import dev.cumulane.cloud.StreamId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Table storage refuses and Azurite takes is refused by us; and keys keep the order of ids. */
final class EntitiesTest {
    private static final StreamId RUN = new StreamId("run/shop-0k3v9q2m7xw4b1ce");

    @Test
    void a_batch_over_two_partitions_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Entities.check(List.of(delete("open", "a"), delete("done", "a"))))
                .withMessageContaining("open and done");
    }

    @Test
    void a_batch_has_one_to_a_hundred_entities() {
        List<TableTransactionAction> batch = new ArrayList<>();
        assertThatIllegalArgumentException().isThrownBy(() -> Entities.check(batch));
        for (int i = 0; i < 100; i++) {
            batch.add(delete("open", "run-" + i));
        }
        assertThat(Entities.check(batch)).hasSize(100);
        batch.add(delete("open", "one-too-many"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Entities.check(batch))
                .withMessageContaining("not 101");
    }

    @Test
    void a_property_holds_64_kib_and_no_more() {
        assertThatCode(() -> Entities.check(entity(64 * 1024))).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Entities.check(entity(64 * 1024 + 1)))
                .withMessageContaining("65537 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Entities.check(new TableEntity("p", "r").addProperty("t", "x".repeat(32 * 1024 + 1))));
    }

    @Test
    void an_entity_holds_a_mebibyte_names_and_keys_included() {
        int[] fifteen = new int[15];
        Arrays.fill(fifteen, 64 * 1024);
        int[] sixteen = Arrays.copyOf(fifteen, 16);
        sixteen[15] = 64 * 1024;

        assertThatCode(() -> Entities.check(entity(fifteen))).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Entities.check(entity(sixteen)))
                .withMessageContaining("at most 1048576");
    }

    @Test
    void a_key_has_at_most_512_characters() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Entities.check(new TableEntity("p", "r".repeat(513))))
                .withMessageContaining("512");
    }

    @Test
    void keys_of_an_inbox_come_in_the_order_of_the_ids_and_have_no_character_that_a_key_must_not_have() {
        List<Character> alphabet = new ArrayList<>();
        for (char c = 0; c < 0x120; c++) {
            alphabet.add(c);
        }
        Random random = new Random(5);
        List<String> ids = Stream.generate(() -> id(random, alphabet))
                .limit(2000)
                .distinct()
                .sorted()
                .toList();

        List<String> keys = ids.stream().map(id -> Keys.inboxRow(RUN, id)).toList();

        assertThat(keys).isSorted().doesNotHaveDuplicates();
        assertThat(keys).allSatisfy(key -> assertThat(key).doesNotContainPattern("[/\\\\#?%'\\x00-\\x1f\\x7f-\\x9f]"));
        assertThat(Keys.stream(keys.get(0))).isEqualTo(RUN);
    }

    @Test
    void the_longest_id_of_the_worst_characters_fits_behind_the_longest_stream() {
        StreamId longest = StreamId.environment("e".repeat(120));

        String key = Keys.inboxRow(longest, "/".repeat(200));

        assertThat(key).hasSizeLessThanOrEqualTo(512);
        assertThat(key).isNotEqualTo(Keys.inboxRow(longest, "/".repeat(199) + "."));
    }

    private static String id(Random random, List<Character> alphabet) {
        StringBuilder id = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            id.append((char) alphabet.get(random.nextInt(alphabet.size())));
        }
        return id.toString();
    }

    private static TableEntity entity(int... sizes) {
        TableEntity entity = new TableEntity("p", "r");
        for (int i = 0; i < sizes.length; i++) {
            entity.addProperty("b" + i, new byte[sizes[i]]);
        }
        return entity;
    }

    private static TableTransactionAction delete(String partition, String row) {
        return new TableTransactionAction(TableTransactionActionType.DELETE, new TableEntity(partition, row));
    }
}
