// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A resource of a template.
 *
 * @param symbol what the template calls it
 * @param kind its kind
 * @param name its name, below that of its parent
 * @param parent what it is a part of
 * @param scope what it is about, if it has no place of its own
 * @param body its location, properties and the like; values are texts, numbers, truth values, lists, maps, resources' ids and other {@link Expression}s
 * @param after what has to be there before, besides what the body names
 * @param exists whether it is only named: the template does not make it
 */
record Resource(
        String symbol,
        Kind kind,
        String name,
        Optional<Resource> parent,
        Optional<Resource> scope,
        Map<String, Object> body,
        List<Resource> after,
        boolean exists) {
    /** A resource of the resource group. */
    static Resource of(String symbol, Kind kind, String name, Map<String, Object> body) {
        return new Resource(symbol, kind, name, Optional.empty(), Optional.empty(), body, List.of(), false);
    }

    /** A resource of the resource group that somebody else makes. */
    static Resource ofOthers(String symbol, Kind kind, String name) {
        return new Resource(symbol, kind, name, Optional.empty(), Optional.empty(), Map.of(), List.of(), true);
    }

    /** A part of another resource. */
    Resource part(String symbol, Kind kind, String name, Map<String, Object> body) {
        return new Resource(symbol, kind, name, Optional.of(this), Optional.empty(), body, List.of(), false);
    }

    /** A part of another resource that somebody else makes, perhaps later. */
    Resource existing(String symbol, Kind kind, String name) {
        return new Resource(symbol, kind, name, Optional.of(this), Optional.empty(), Map.of(), List.of(), true);
    }

    /** This resource, about another one. */
    Resource about(Resource other) {
        return new Resource(symbol, kind, name, parent, Optional.of(other), body, after, exists);
    }

    /** This resource, made after others. */
    Resource after(List<Resource> others) {
        return new Resource(symbol, kind, name, parent, scope, body, List.copyOf(others), exists);
    }

    /** The names of its parents, outermost first, and its own. */
    List<String> names() {
        List<String> names = new ArrayList<>(parent.map(Resource::names).orElseGet(List::of));
        names.add(name);
        return names;
    }

    /** Its place below the providers of its resource group. */
    String path() {
        String[] types = kind.type().split("/");
        StringBuilder path = new StringBuilder(types[0]);
        List<String> names = names();
        for (int i = 0; i < names.size(); i++) {
            path.append('/').append(types[i + 1]).append('/').append(names.get(i));
        }
        return path.toString();
    }
}
