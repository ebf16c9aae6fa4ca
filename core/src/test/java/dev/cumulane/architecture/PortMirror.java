// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;

/** Where an adapter keeps the class that implements a port, and how it is called: service and port. */
final class PortMirror extends ArchCondition<JavaClass> {
    /** All ports; the inner package is relative to the adapter's own, empty for that package itself. */
    static final List<Place> PLACES = List.of(
            new Place("ArtifactStore", "artifacts", List.of("ArtifactStore")),
            new Place("Blueprint", "blueprint", List.of("Blueprint")),
            new Place("Cloud", "", List.of("Cloud")),
            new Place("Deliveries", "deliveries", List.of("Deliveries")),
            new Place("EventSink", "events", List.of("EventSink")),
            new Place("Installer", "blueprint", List.of("Installer")),
            new Place("Journal", "journal", List.of("Journal")),
            new Place("Logs", "logs", List.of("Logs")),
            new Place("Metrics", "metrics", List.of("Metrics")),
            new Place("PriceList", "prices", List.of("PriceList")),
            new Place("Secrets", "secrets", List.of("Secrets")),
            new Place("Signals", "signals", List.of("Signals")),
            new Place("WorkRunner", "work", List.of("Builds", "Functions")));

    private final String root;

    PortMirror(String root) {
        super("implement ports as service + port, each in the package that all adapters share");
        this.root = root;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (type.isInterface() || type.isAnonymousClass() || type.getModifiers().contains(JavaModifier.ABSTRACT)) {
            return;
        }
        for (Place place : PLACES) {
            if (type.isAssignableTo("dev.cumulane.cloud." + place.port())) {
                check(type, place, events);
            }
        }
    }

    private void check(JavaClass type, Place place, ConditionEvents events) {
        String name = type.getSimpleName();
        if (place.endings().stream().noneMatch(ending -> name.endsWith(ending) && name.length() > ending.length())) {
            events.add(SimpleConditionEvent.violated(
                    type, type.getName() + " is not called by a service and one of " + place.endings()));
        }
        String expected = place.inner().isEmpty() ? root : root + "." + place.inner();
        if (!type.getPackageName().equals(expected)) {
            events.add(SimpleConditionEvent.violated(type, type.getName() + " is not in " + expected));
        }
    }

    /** A port's place in every adapter. */
    record Place(String port, String inner, List<String> endings) {}
}
