// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.internal.forge.ForgeApi;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Forge;
import java.util.List;
import java.util.Optional;

/**
 * Names people as approvals do, and not as their forge does: or nobody would know that who asks for a run is who approves it. Whom the configuration does not name keeps
 * the forge's name.
 *
 * @param people the people
 * @param forge the forge whose names are given
 */
record Authors(People people, Forge forge) {
    String named(String login) {
        return people.pushing(forge, login).map(Person::name).orElse(login);
    }

    SourceEvent named(SourceEvent event) {
        if (event instanceof SourceEvent.Pushed pushed) {
            return named(pushed);
        }
        return event instanceof SourceEvent.ChangeProposed change ? named(change) : event;
    }

    private SourceEvent.Pushed named(SourceEvent.Pushed pushed) {
        return new SourceEvent.Pushed(
                pushed.commit(), named(pushed.by()), pushed.trust(), pushed.changed(), pushed.headline());
    }

    private SourceEvent.ChangeProposed named(SourceEvent.ChangeProposed change) {
        return new SourceEvent.ChangeProposed(
                change.commit(),
                change.target(),
                change.change(),
                named(change.by()),
                change.trust(),
                change.changed(),
                change.headline(),
                change.opener().map(this::named));
    }

    /** The same forge, whose answers name people so. Who may write it is asked by its own names. */
    ForgeApi named(ForgeApi api) {
        return new ForgeApi() {
            @Override
            public List<SourceEvent.Pushed> heads() {
                return api.heads().stream().map(Authors.this::named).toList();
            }

            @Override
            public List<SourceEvent.Pushed> tags() {
                return api.tags().stream().map(Authors.this::named).toList();
            }

            @Override
            public List<SourceEvent.ChangeProposed> openChanges() {
                return api.openChanges().stream().map(Authors.this::named).toList();
            }

            @Override
            public Optional<SourceEvent.ChangeProposed> change(String number) {
                return api.change(number).map(Authors.this::named);
            }

            @Override
            public boolean mayWrite(String user) {
                return api.mayWrite(user);
            }
        };
    }
}
