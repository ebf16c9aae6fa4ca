// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import dev.cumulane.run.TrustLevel;

/**
 * The pipeline of Azure DevOps that runs the builds of one pipeline and one trust level: a machine, a container of the image that a start names, a launcher in it. It says
 * nothing of what is built; that is in the work order.
 *
 * <p>A run is named after the attempt, so it can be found by that name even if the answer to its start was lost. It tags itself with it, too. The launcher holds a pass,
 * so it travels in a secret variable, on one line, and no command shows it. Secrets come from a variable group that a start names: one that this pipeline was given leave
 * to use, else Azure DevOps does not begin the run. The container sees them, the launcher and the build's id, and nothing else of the machine.
 *
 * <p>What a build prints is no command to the agent: it can set no variable, add no tag and give the run no other name.
 */
public final class BuildPipeline {
    /** The name of the step that carries out the work order. */
    public static final String STEP = "work order";

    static final String LAUNCHER = "CUMULANE_LAUNCHER";
    static final String ATTEMPT = "attempt";
    static final String IMAGE = "image";
    static final String MINUTES = "minutes";
    static final String GROUP = "group";
    static final String SECRETS = "secrets";
    static final String VARIABLES = "variables";

    /**
     * A container of our own rather than a container job: those take images with bash, glibc and Node.js alone. Azure DevOps replaces what follows a dollar in double braces
     * or parentheses, so the commands have none but on purpose.
     */
    private static final String YAML = """
            # Written by Cumulane: builds of %s, %s runs. The engine starts it; nobody else does.
            parameters:
            - name: attempt
              type: string
            - name: image
              type: string
            - name: minutes
              type: number
            - name: group
              type: string
              default: ''
            - name: secrets
              type: object
              default: {}
            - name: variables
              type: string
              default: ''
            name: ${{ parameters.attempt }}
            trigger: none
            pr: none
            variables:
            - ${{ if ne(parameters.group, '') }}:
              - group: ${{ parameters.group }}
            jobs:
            - job: work
              timeoutInMinutes: ${{ parameters.minutes }}
              cancelTimeoutInMinutes: 1
              pool:
                %s
              steps:
              - checkout: none
              - script: |
                  echo "##vso[build.addbuildtag]$CUMULANE_ATTEMPT"
                displayName: name of the attempt
                env:
                  CUMULANE_ATTEMPT: ${{ parameters.attempt }}
              - script: |
                  set --
                  for name in $CUMULANE_VARIABLES; do set -- "$@" -e "$name"; done
                  exec docker run --rm --init --name "cumulane-$CUMULANE_SERVICE_ID" --user 0:0 --workdir /cumulane \\
                    -e CUMULANE_LAUNCHER -e CUMULANE_SERVICE_ID "$@" --entrypoint sh "$CUMULANE_IMAGE" \\
                    -c 'l=`printf %%b "$CUMULANE_LAUNCHER"`; unset CUMULANE_LAUNCHER; eval "$l"'
                displayName: work order
                target:
                  container: host
                  commands: restricted
                  settableVariables: none
                env:
                  CUMULANE_IMAGE: ${{ parameters.image }}
                  CUMULANE_VARIABLES: ${{ parameters.variables }}
                  CUMULANE_SERVICE_ID: $(Build.BuildId)
                  CUMULANE_LAUNCHER: $(CUMULANE_LAUNCHER)
                  ${{ each secret in parameters.secrets }}:
                    ${{ secret.key }}: $(${{ secret.value }})
              - script: docker rm -f "cumulane-$CUMULANE_SERVICE_ID" >/dev/null 2>&1 || true
                displayName: nothing stays
                condition: always()
                env:
                  CUMULANE_SERVICE_ID: $(Build.BuildId)
            """;

    private BuildPipeline() {}

    /**
     * Writes the pipeline.
     *
     * @param settings how builds are run
     * @param pipeline the name of the team's pipeline
     * @param trust the trust level
     * @return the YAML of the pipeline, the same for equal arguments
     */
    public static String yaml(BuildSettings settings, String pipeline, TrustLevel trust) {
        String level = settings.names().project("", trust).replaceFirst("^.*-", "");
        return YAML.formatted(pipeline, level, settings.agents().yaml());
    }

    /** A script on one line, for {@code printf %b}: what hides secrets in logs goes by lines, and would hide every {@code fi}. */
    static String line(String script) {
        return script.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
