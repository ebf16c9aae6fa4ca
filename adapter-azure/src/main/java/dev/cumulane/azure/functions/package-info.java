// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The function apps of an installation: ingress, engine with its sweep, and workers; one jar and one entry class. */
@NullMarked
package dev.cumulane.azure.functions;

import org.jspecify.annotations.NullMarked;
