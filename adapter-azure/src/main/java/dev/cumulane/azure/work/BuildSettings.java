// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

/**
 * How builds are run on Azure Pipelines.
 *
 * @param names what pipelines and variable groups are called
 * @param agents the machines
 */
public record BuildSettings(WorkNames names, Agents agents) {}
