// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Source repositories: how their webhooks prove themselves, and what happens in them. */
@NullMarked
package dev.cumulane.source;

import org.jspecify.annotations.NullMarked;
