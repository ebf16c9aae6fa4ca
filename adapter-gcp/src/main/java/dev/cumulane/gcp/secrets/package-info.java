// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The secrets of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.secrets;

import org.jspecify.annotations.NullMarked;
