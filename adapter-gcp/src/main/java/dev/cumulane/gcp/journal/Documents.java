// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.gcp.journal.Document.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The documents of one Firestore database: the few calls that the journal needs. Reads see every write that was acknowledged before them. Writes go to {@code commit},
 * where a condition stands in the body.
 *
 * @param api the API, made on first use
 * @param service tells failures
 * @param root the documents of the database, {@code projects/P/databases/D/documents}
 */
record Documents(Supplier<GoogleApi> api, GcpService service, String root) {
    private static final String KEY = "__name__";
    /** A query is asked in pages, since an answer of the API is kept in memory. */
    private static final int PAGE = 256;

    private static final int MOST_WRITES = 500;
    private static final String FAILED_PRECONDITION = "FAILED_PRECONDITION";

    /** Creates a document; false if one of that id is there. */
    boolean create(String attempt, String collection, String id, Fields fields) {
        ObjectNode write = write(collection, id, fields);
        write.putObject("currentDocument").put("exists", false);
        return committed(attempt, write);
    }

    /** Writes a document in place of any that is there. */
    void put(String attempt, String collection, String id, Fields fields) {
        boolean unused = committed(attempt, write(collection, id, fields));
    }

    /** Writes a document in place of this one; false if that is not the newest any more. */
    boolean replace(String attempt, String collection, Document old, Fields fields) {
        ObjectNode write = write(collection, old.id(), fields);
        write.putObject("currentDocument").put("updateTime", old.version());
        return committed(attempt, write);
    }

    /** Changes some fields of a document, and takes away those that are named but not given; false if there is no such document. */
    boolean change(String attempt, String collection, String id, Fields fields, List<String> named) {
        ObjectNode write = write(collection, id, fields);
        ArrayNode mask = write.putObject("updateMask").putArray("fieldPaths");
        named.forEach(mask::add);
        write.putObject("currentDocument").put("exists", true);
        return committed(attempt, write);
    }

    /** Deletes documents; those that are not there are none the less gone. */
    void delete(String attempt, String collection, List<String> ids) {
        for (int i = 0; i < ids.size(); i += MOST_WRITES) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode writes = body.putArray("writes");
            ids.subList(i, Math.min(i + MOST_WRITES, ids.size()))
                    .forEach(id -> writes.addObject().put("delete", name(collection, id)));
            JsonNode unused = service.call(attempt, () -> commit(body));
        }
    }

    Optional<Document> get(String attempt, String collection, String id) {
        return service.call(attempt, () -> {
            try {
                String path = "/v1/" + root + "/" + collection + "/" + GoogleApi.encoded(id);
                return Optional.of(Document.of(api.get().get("get", path)));
            } catch (GoogleApiException e) {
                if (e.isMissing()) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** Documents in the order of their ids. */
    List<Document> between(String attempt, String collection, String from, String before, int limit) {
        List<Document> found = new ArrayList<>();
        String start = from;
        String operator = "GREATER_THAN_OR_EQUAL";
        boolean more = true;
        while (more && found.size() < limit) {
            int page = Math.min(PAGE, limit - found.size());
            ObjectNode query = query(collection, page);
            ArrayNode filters = query.putObject("where")
                    .putObject("compositeFilter")
                    .put("op", "AND")
                    .putArray("filters");
            filter(filters.addObject(), KEY, operator).put("referenceValue", name(collection, start));
            filter(filters.addObject(), KEY, "LESS_THAN").put("referenceValue", name(collection, before));
            order(query, KEY, "ASCENDING");
            List<Document> some = run(attempt, query);
            found.addAll(some);
            more = some.size() == page;
            start = more ? some.get(page - 1).id() : start;
            operator = "GREATER_THAN";
        }
        return found;
    }

    /** Documents that have this number and in which it is not above one, the lowest first. */
    List<Document> upTo(String attempt, String collection, String field, long most, int limit) {
        ObjectNode query = query(collection, limit);
        filter(query.putObject("where"), field, "LESS_THAN_OR_EQUAL").put("integerValue", Long.toString(most));
        order(query, field, "ASCENDING");
        return run(attempt, query);
    }

    /** Documents that have this number, the highest first. */
    List<Document> highest(String attempt, String collection, String field, int limit) {
        ObjectNode query = query(collection, limit);
        order(query, field, "DESCENDING");
        return run(attempt, query);
    }

    private List<Document> run(String attempt, ObjectNode query) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("structuredQuery", query);
        JsonNode answers = service.call(attempt, () -> {
            JsonNode all = api.get().post("runQuery", "/v1/" + root + ":runQuery", body);
            for (JsonNode one : all) {
                // The status was 200 when the service met this.
                JsonNode error = one.path("error");
                if (error.isObject()) {
                    throw new GoogleApiException(
                            error.path("code").asInt(),
                            error.path("status").asText(),
                            error.path("message").asText());
                }
            }
            return all;
        });
        List<Document> found = new ArrayList<>();
        for (JsonNode one : answers) {
            if (one.has("document")) {
                found.add(Document.of(one.path("document")));
            }
        }
        return found;
    }

    private static ObjectNode query(String collection, int limit) {
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        query.putArray("from").addObject().put("collectionId", collection);
        return query.put("limit", limit);
    }

    private static ObjectNode filter(ObjectNode in, String field, String operator) {
        ObjectNode filter = in.putObject("fieldFilter").put("op", operator);
        filter.putObject("field").put("fieldPath", field);
        return filter.putObject("value");
    }

    private static void order(ObjectNode query, String field, String direction) {
        ObjectNode order = query.putArray("orderBy").addObject().put("direction", direction);
        order.putObject("field").put("fieldPath", field);
    }

    private ObjectNode write(String collection, String id, Fields fields) {
        ObjectNode write = JsonNodeFactory.instance.objectNode();
        ObjectNode update = write.putObject("update").put("name", name(collection, id));
        update.set("fields", fields.json());
        return write;
    }

    /** Whether the write's condition held. */
    private boolean committed(String attempt, ObjectNode write) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("writes").add(write);
        return service.call(attempt, () -> {
            try {
                JsonNode unused = commit(body);
                return true;
            } catch (GoogleApiException e) {
                if (isRefused(write.path("currentDocument"), e)) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static boolean isRefused(JsonNode condition, GoogleApiException e) {
        boolean creates = condition.has("exists") && !condition.path("exists").asBoolean();
        return creates
                ? e.isExisting()
                : condition.isObject() && (e.isMissing() || e.code().equals(FAILED_PRECONDITION));
    }

    private JsonNode commit(ObjectNode body) {
        return api.get().post("commit", "/v1/" + root + ":commit", body);
    }

    private String name(String collection, String id) {
        return root + "/" + collection + "/" + id;
    }
}
