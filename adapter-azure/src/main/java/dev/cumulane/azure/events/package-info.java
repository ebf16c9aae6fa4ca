// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The event sink of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.events;

import org.jspecify.annotations.NullMarked;
