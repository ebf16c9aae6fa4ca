// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The logs of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.logs;

import org.jspecify.annotations.NullMarked;
