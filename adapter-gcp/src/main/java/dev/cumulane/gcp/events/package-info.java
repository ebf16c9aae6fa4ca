// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The event sink of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.events;

import org.jspecify.annotations.NullMarked;
