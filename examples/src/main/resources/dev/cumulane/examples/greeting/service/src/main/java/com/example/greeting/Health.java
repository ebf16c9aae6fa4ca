// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package com.example.greeting;

import java.util.Optional;

/** Says whether the service can do its work. */
@FunctionalInterface
interface Health {

    /** What keeps the service from working; empty if nothing does. */
    Optional<String> problem();
}
