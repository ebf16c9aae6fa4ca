// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The event sink of the local cloud. */
@NullMarked
package dev.cumulane.local.events;

import org.jspecify.annotations.NullMarked;
