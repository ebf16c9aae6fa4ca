// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Template.map;
import static dev.cumulane.azure.blueprint.Template.symbol;

import dev.cumulane.azure.client.AzureNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who may do what. Each right that is given to anybody becomes a role of the installation's own, of just its actions; each gift an assignment on the one resource that it is about.
 * What may be written in the container is told apart by the beginning of names, in conditions.
 */
final class Access {
    /** Storage Blob Data Owner, one of Azure's own roles: what the host of a function app wants on its account. */
    static final String BLOB_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

    private static final String PATH =
            "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]";

    private final Template template;
    private final AzureNames names;

    Access(Template template, AzureNames names) {
        this.template = template;
        this.names = names;
    }

    /** An identity. */
    Resource identity(String role) {
        return template.add(Resource.of(
                symbol(role + " identity"), Kind.IDENTITY, names.identity(role), map("location", Expression.LOCATION)));
    }

    /** Allows something on a resource. */
    Resource allow(Resource identity, Right right, Resource on) {
        return assign(identity, right.words(), role(right), Optional.of(on), map());
    }

    /** Allows something in the whole resource group. */
    void allow(Resource identity, Right right) {
        assign(identity, right.words(), role(right), Optional.empty(), map());
    }

    /** Allows a right on blobs whose names begin with one of these, given as one text with spaces. */
    Resource allow(Resource identity, Right right, Resource on, String prefixes) {
        String names = Arrays.stream(prefixes.split(" "))
                .map(prefix -> PATH + " StringStartsWith '" + prefix + "/'")
                .collect(Collectors.joining(" OR "));
        String actions = right.dataActions().stream()
                .map(action -> "!(ActionMatches{'" + action + "'})")
                .collect(Collectors.joining(" AND "));
        return assign(
                identity,
                right.words(),
                role(right),
                Optional.of(on),
                map("condition", "((" + actions + ") OR (" + names + "))", "conditionVersion", "2.0"));
    }

    /** Allows what one of Azure's own roles does. */
    Resource allow(Resource identity, String builtIn, Resource on) {
        return assign(identity, builtIn, builtIn, Optional.of(on), map());
    }

    private String role(Right right) {
        String id = names.uuid("role/" + right.name()).toString();
        Resource role = template.share(Resource.of(
                symbol("may " + right.words()),
                Kind.ROLE,
                id,
                map(
                        "properties",
                        map(
                                "roleName",
                                names.shared(right.words()),
                                "description",
                                "What an installation of Cumulane needs, and no more.",
                                "type",
                                "CustomRole",
                                "assignableScopes",
                                List.of(Expression.GROUP),
                                "permissions",
                                List.of(map(
                                        "actions",
                                        right.actions(),
                                        "notActions",
                                        List.of(),
                                        "dataActions",
                                        right.dataActions(),
                                        "notDataActions",
                                        List.of()))))));
        return role.name();
    }

    private Resource assign(
            Resource identity, String words, String role, Optional<Resource> on, Map<String, Object> condition) {
        Map<String, Object> properties = map(
                "roleDefinitionId",
                Expression.role(role),
                "principalId",
                new Expression.Property(identity, "principalId"),
                "principalType",
                "ServicePrincipal");
        properties.putAll(condition);
        String what =
                identity.name() + " " + words + " " + on.map(Resource::path).orElse("here");
        List<Resource> definition = new ArrayList<>(template.resources().values());
        definition.removeIf(each -> each.kind() != Kind.ROLE || !each.name().equals(role));
        Resource assignment = Resource.of(
                        symbol(identity.symbol() + " " + words + " "
                                + on.map(Resource::symbol).orElse("here")),
                        Kind.ROLE_ASSIGNMENT,
                        names.uuid(what).toString(),
                        map("properties", properties))
                .after(definition);
        return template.add(on.map(assignment::about).orElse(assignment));
    }
}
