// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableServiceClient;
import com.azure.data.tables.models.ListEntitiesOptions;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableEntityUpdateMode;
import com.azure.data.tables.models.TableServiceException;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import com.google.common.base.Suppliers;
import dev.cumulane.azure.client.AzureService;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The table, with the few calls that a journal makes; each says in its failure what was attempted. Any thread. */
final class JournalTable {
    private static final int LARGEST_PAGE = 1000;
    private static final String EXISTS = "EntityAlreadyExists";
    private static final String ABSENT = "ResourceNotFound";
    private static final String ABSENT_TOO = "EntityNotFound";

    private final Supplier<TableClient> table;
    private final AzureService service;

    JournalTable(Supplier<TableServiceClient> client, String name, AzureService service) {
        this.table = Suppliers.memoize(() -> client.get().getTableClient(name));
        this.service = service;
    }

    AzureService service() {
        return service;
    }

    /** Whether it was absent and is there now. A call that was repeated says false of its own entity. */
    boolean insert(String attempt, TableEntity entity) {
        Entities.check(entity);
        return unless(attempt, List.of(EXISTS), () -> table.get().createEntity(entity));
    }

    void put(String attempt, TableEntity entity) {
        Entities.check(entity);
        var unused = service.call(
                attempt,
                () -> table.get().upsertEntityWithResponse(entity, TableEntityUpdateMode.REPLACE, null, Context.NONE));
    }

    /** Changes some properties of an entity, if it is there. */
    boolean change(String attempt, TableEntity properties) {
        Entities.check(properties);
        return unless(
                attempt,
                List.of(ABSENT, ABSENT_TOO),
                () -> table.get()
                        .updateEntityWithResponse(properties, TableEntityUpdateMode.MERGE, false, null, Context.NONE));
    }

    void delete(String attempt, String partition, String row) {
        service.call(attempt, () -> {
            table.get().deleteEntity(partition, row);
            return true;
        });
    }

    /** Deletes what is there of these rows; a batch fails as a whole where one is absent, and is then done row by row. */
    void delete(String attempt, String partition, List<String> rows) {
        for (int i = 0; i < rows.size(); i += Entities.MOST_IN_BATCH) {
            List<String> some = rows.subList(i, Math.min(i + Entities.MOST_IN_BATCH, rows.size()));
            if (some.size() == 1 || !deleteTogether(attempt, partition, some)) {
                some.forEach(row -> delete(attempt, partition, row));
            }
        }
    }

    Optional<TableEntity> get(String attempt, String partition, String row, String... properties) {
        List<String> select = properties.length == 0 ? null : List.of(properties);
        return service.call(attempt, () -> {
            try {
                return Optional.of(table.get()
                        .getEntityWithResponse(partition, row, select, null, Context.NONE)
                        .getValue());
            } catch (TableServiceException e) {
                if (isAbsent(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** Entities in the order of their keys. */
    List<TableEntity> query(String attempt, String filter, int limit) {
        ListEntitiesOptions options =
                new ListEntitiesOptions().setFilter(filter).setTop(Math.min(limit, LARGEST_PAGE));
        return service.call(attempt, () -> {
            try (Stream<TableEntity> entities = table.get().listEntities(options, null, Context.NONE).stream()) {
                return entities.limit(limit).toList();
            }
        });
    }

    /** A filter for rows of a partition, the bounds included. */
    static String rows(String partition, String from, String to) {
        return in(partition) + " and RowKey ge '" + from + "' and RowKey le '" + to + "'";
    }

    static String in(String partition) {
        return "PartitionKey eq '" + partition + "'";
    }

    private boolean deleteTogether(String attempt, String partition, List<String> rows) {
        List<TableTransactionAction> batch = rows.stream()
                .map(row ->
                        new TableTransactionAction(TableTransactionActionType.DELETE, new TableEntity(partition, row)))
                .toList();
        return unless(attempt, List.of(ABSENT, ABSENT_TOO), () -> table.get().submitTransaction(Entities.check(batch)));
    }

    private boolean unless(String attempt, List<String> codes, Runnable write) {
        return service.call(attempt, () -> {
            try {
                write.run();
                return true;
            } catch (TableServiceException e) {
                if (codes.contains(AzureService.code(e))) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static boolean isAbsent(TableServiceException e) {
        return List.of(ABSENT, ABSENT_TOO).contains(AzureService.code(e));
    }
}
