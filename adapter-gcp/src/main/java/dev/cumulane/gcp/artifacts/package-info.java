// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The artifact store of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.artifacts;

import org.jspecify.annotations.NullMarked;
