// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Verifies webhooks and reads what they tell; one class per forge. */
@NullMarked
package dev.cumulane.internal.source;

import org.jspecify.annotations.NullMarked;
