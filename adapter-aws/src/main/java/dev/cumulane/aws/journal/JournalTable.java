// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The table that the journal needs, for the template and for tests. */
public final class JournalTable {
    /** The attribute after which DynamoDB may delete an item; time to live is to be switched on for it. */
    public static final String TIME_TO_LIVE = Items.DELETE_AFTER;

    /** The index of open and recent runs; holds nothing but one small item for each run. */
    public static final String RUNS = "runs";

    /** The index of signals in inboxes; empty most of the time. */
    public static final String INBOXES = "inboxes";

    private JournalTable() {}

    /**
     * The table's keys and indexes.
     *
     * @param name the table's name
     * @return a request that creates it, paid by request
     */
    public static CreateTableRequest definition(String name) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        attribute(Items.PARTITION, ScalarAttributeType.S),
                        attribute(Items.SORT, ScalarAttributeType.S),
                        attribute(Items.GROUP, ScalarAttributeType.S),
                        attribute(Items.TIME, ScalarAttributeType.N),
                        attribute(Items.INBOX, ScalarAttributeType.S))
                .keySchema(key(Items.PARTITION, KeyType.HASH), key(Items.SORT, KeyType.RANGE))
                .globalSecondaryIndexes(
                        GlobalSecondaryIndex.builder()
                                .indexName(RUNS)
                                .keySchema(key(Items.GROUP, KeyType.HASH), key(Items.TIME, KeyType.RANGE))
                                .projection(Projection.builder()
                                        .projectionType(ProjectionType.INCLUDE)
                                        .nonKeyAttributes(Items.STARTED, Items.LOOK)
                                        .build())
                                .build(),
                        GlobalSecondaryIndex.builder()
                                .indexName(INBOXES)
                                .keySchema(key(Items.INBOX, KeyType.HASH))
                                .projection(Projection.builder()
                                        .projectionType(ProjectionType.KEYS_ONLY)
                                        .build())
                                .build())
                .build();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
