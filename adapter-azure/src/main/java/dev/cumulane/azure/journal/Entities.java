// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import dev.cumulane.cloud.Journal.Entry;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Pending;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.Packed;
import dev.cumulane.run.RunId;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the journal's entities hold, and the limits of the service, which its emulator does not know all of: whoever writes asks {@link #check} first. */
final class Entities {
    static final String BYTES = "b";
    static final String WRITER = "w";
    static final String ENDS = "x";
    static final String SEQUENCE = "n";
    static final String ID = "i";
    static final String STARTED = "s";
    static final String LOOK = "l";

    /** Table storage keeps that many bytes in a property. */
    static final int LARGEST_PROPERTY = 64 * 1024;

    /** And that many in an entity. */
    static final int LARGEST_ENTITY = 1024 * 1024;

    /** And takes that many entities in a batch. */
    static final int MOST_IN_BATCH = 100;

    private static final int LONGEST_KEY = 512;

    /** What the service reckons for an entity and for a property, beside what they hold: 4 bytes and 8. */
    private static final int ENTITY_OVERHEAD = 4;

    private static final int PROPERTY_OVERHEAD = 8;
    private static final int LONG = 8;

    private Entities() {}

    static Entry entry(TableEntity entity) {
        return new Entry(Keys.sequence(entity.getRowKey()), bytes(entity, BYTES).orElse(new byte[0]));
    }

    static Pending pending(TableEntity entity) {
        return new Pending(
                String.valueOf(entity.getProperty(ID)), bytes(entity, BYTES).orElse(new byte[0]));
    }

    static TableEntity listed(TableEntity entity, Instant startedAt, Instant lookAgainAt) {
        return entity.addProperty(STARTED, millis(startedAt)).addProperty(LOOK, millis(lookAgainAt));
    }

    static Listed listed(RunId run, TableEntity entity) {
        return new Listed(
                run,
                Instant.ofEpochMilli(number(entity, STARTED).orElse(0L)),
                Instant.ofEpochMilli(number(entity, LOOK).orElse(0L)));
    }

    /** A snapshot is larger than a property may be: it is cut into as many as it takes. */
    static TableEntity snapshot(TableEntity entity, Snapshot snapshot) {
        byte[] packed = Packed.pack(snapshot.bytes());
        entity.addProperty(SEQUENCE, snapshot.sequence());
        for (int i = 0; i * LARGEST_PROPERTY < packed.length; i++) {
            int end = Math.min(packed.length, (i + 1) * LARGEST_PROPERTY);
            entity.addProperty(BYTES + i, Arrays.copyOfRange(packed, i * LARGEST_PROPERTY, end));
        }
        return entity;
    }

    /** Empty for a damaged one, which is as good as none. */
    static Optional<Snapshot> snapshot(TableEntity entity, int most) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int i = 0; bytes(entity, BYTES + i).isPresent(); i++) {
            packed.writeBytes(bytes(entity, BYTES + i).get());
        }
        return number(entity, SEQUENCE)
                .flatMap(sequence ->
                        Packed.unpack(packed.toByteArray(), most).map(bytes -> new Snapshot(sequence, bytes)));
    }

    static Optional<Long> number(TableEntity entity, String name) {
        return Optional.ofNullable(entity.getProperty(name))
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).longValue());
    }

    static Optional<byte[]> bytes(TableEntity entity, String name) {
        return Optional.ofNullable(entity.getProperty(name))
                .filter(byte[].class::isInstance)
                .map(byte[].class::cast);
    }

    static long millis(Instant instant) {
        return Math.max(0, instant.toEpochMilli());
    }

    /**
     * Refuses an entity that Table storage would refuse.
     *
     * @return the entity
     * @throws IllegalArgumentException naming what is too large
     */
    static TableEntity check(TableEntity entity) {
        String name = entity.getPartitionKey() + " " + entity.getRowKey();
        if (entity.getPartitionKey().length() > LONGEST_KEY
                || entity.getRowKey().length() > LONGEST_KEY) {
            throw new IllegalArgumentException("a key of " + name + " has more than " + LONGEST_KEY + " characters");
        }
        long all = ENTITY_OVERHEAD + 2L * name.length();
        for (Map.Entry<String, Object> property : entity.getProperties().entrySet()) {
            int size = size(property.getValue());
            if (size > LARGEST_PROPERTY) {
                throw new IllegalArgumentException("property " + property.getKey() + " of " + name + " has " + size
                        + " bytes; a table keeps at most " + LARGEST_PROPERTY);
            }
            all += PROPERTY_OVERHEAD + 2L * property.getKey().length() + size;
        }
        if (all > LARGEST_ENTITY) {
            throw new IllegalArgumentException(
                    "entity " + name + " has " + all + " bytes; a table keeps at most " + LARGEST_ENTITY);
        }
        return entity;
    }

    /**
     * Refuses a batch that Table storage would refuse.
     *
     * @return the batch
     * @throws IllegalArgumentException if it is empty, too long, or over more than one partition
     */
    static List<TableTransactionAction> check(List<TableTransactionAction> batch) {
        if (batch.isEmpty() || batch.size() > MOST_IN_BATCH) {
            throw new IllegalArgumentException("a batch has 1 to " + MOST_IN_BATCH + " entities, not " + batch.size());
        }
        String partition = batch.get(0).getEntity().getPartitionKey();
        for (TableTransactionAction action : batch) {
            check(action.getEntity());
            if (!action.getEntity().getPartitionKey().equals(partition)) {
                throw new IllegalArgumentException("a batch is within one partition, not in " + partition + " and "
                        + action.getEntity().getPartitionKey());
            }
        }
        return batch;
    }

    private static int size(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length;
        }
        return value instanceof String text ? 2 * text.length() : LONG;
    }
}
