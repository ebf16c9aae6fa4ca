// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Installs what pipelines need in a resource group: written as Bicep, with identities of their own for each kind of function, and carried out as one deployment stack. */
@NullMarked
package dev.cumulane.azure.blueprint;

import org.jspecify.annotations.NullMarked;
