// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The three functions of an installation: {@code ingress}, {@code engine} and {@code worker}, one jar and one entry class. */
@NullMarked
package dev.cumulane.gcp.functions;

import org.jspecify.annotations.NullMarked;
