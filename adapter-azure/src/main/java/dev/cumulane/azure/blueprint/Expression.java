// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import java.util.List;

/** A value that is known only while a template is carried out. */
sealed interface Expression {
    /** The resource manager's id of a resource. */
    record Id(Resource of) implements Expression {}

    /** A property that a resource has once it is made, such as {@code principalId}. */
    record Property(Resource of, String name) implements Expression {}

    /** A call of a function that templates and Bicep both know, such as {@code resourceGroup().location}. */
    record Call(String text) implements Expression {}

    /** Texts and expressions, one after the other. */
    record Joined(List<Object> parts) implements Expression {}

    /** The identities that a resource has, as its interface wants them: a map whose key is the identity's id. */
    record Identities(Resource of) implements Expression {}

    /** Where the resource group is. */
    Expression LOCATION = new Call("resourceGroup().location");

    /** The resource group's id. */
    Expression GROUP = new Call("resourceGroup().id");

    /** The directory that knows the identities. */
    Expression TENANT = new Call("tenant().tenantId");

    /** The id of a definition of a role, of which the name is an id. */
    static Expression role(String name) {
        return new Call("subscriptionResourceId('" + Kind.ROLE.type() + "', '" + name + "')");
    }

    /** The resources that it names. */
    static List<Resource> of(Object value) {
        if (value instanceof Id id) {
            return List.of(id.of());
        }
        if (value instanceof Property property) {
            return List.of(property.of());
        }
        if (value instanceof Identities identities) {
            return List.of(identities.of());
        }
        if (value instanceof Joined joined) {
            return joined.parts().stream().flatMap(part -> of(part).stream()).toList();
        }
        return List.of();
    }
}
