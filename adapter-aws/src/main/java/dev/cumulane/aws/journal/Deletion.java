// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Deletes many items with few calls. What the service hands back undone, as it does when it is pressed, is tried again a few times. */
record Deletion(DynamoDbClient client, AwsService service, String table) {
    /** DynamoDB takes no more in one call. */
    private static final int MOST_AT_ONCE = 25;

    private static final long FIRST_PAUSE_MILLIS = 50;

    void delete(List<Map<String, AttributeValue>> keys, String attempt) {
        for (int i = 0; i < keys.size(); i += MOST_AT_ONCE) {
            deleteSome(keys.subList(i, Math.min(i + MOST_AT_ONCE, keys.size())), attempt);
        }
    }

    private void deleteSome(List<Map<String, AttributeValue>> keys, String attempt) {
        List<WriteRequest> left = keys.stream()
                .map(key -> WriteRequest.builder()
                        .deleteRequest(DeleteRequest.builder().key(key).build())
                        .build())
                .toList();
        for (int tries = 1; !left.isEmpty(); tries++) {
            if (tries > AwsClients.ATTEMPTS) {
                throw service.failure(
                        attempt,
                        ProvisionedThroughputExceededException.builder()
                                .message(left.size() + " items were handed back undone " + AwsClients.ATTEMPTS
                                        + " times")
                                .statusCode(503)
                                .build());
            }
            if (tries > 1) {
                long pause = FIRST_PAUSE_MILLIS << tries;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextLong(pause)));
            }
            BatchWriteItemRequest request = BatchWriteItemRequest.builder()
                    .requestItems(Map.of(table, left))
                    .build();
            left = service.call(attempt, () -> client.batchWriteItem(request))
                    .unprocessedItems()
                    .getOrDefault(table, List.of());
        }
    }
}
