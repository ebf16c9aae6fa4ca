// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The journal of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.journal;

import org.jspecify.annotations.NullMarked;
