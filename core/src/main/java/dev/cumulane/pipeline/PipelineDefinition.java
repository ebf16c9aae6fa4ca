// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import dev.cumulane.internal.plan.StageGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A pipeline while it is being defined; what the lambda of {@link Pipeline#define} gets. It is of no use after the lambda has returned.
 *
 * <p>Every method throws {@link IllegalArgumentException} for a mistake, with a message that names the value and the valid choices.
 */
public final class PipelineDefinition {
    /** The most stages of a pipeline; what the clouds' journals and a reader can bear. */
    static final int MOST_STAGES = 10_000;

    private final String pipeline;
    private final List<Trigger> triggers = new ArrayList<>();
    private final Map<String, StageHandle<?>> stages = new LinkedHashMap<>();
    private final SortedMap<String, Class<? extends FunctionStage>> functions = new TreeMap<>();
    private final Map<String, GroupHandle> groups = new LinkedHashMap<>();
    private final SortedMap<String, ParameterHandle> parameters = new TreeMap<>();
    private final SortedMap<String, Input> returns = new TreeMap<>();
    private final Set<String> releases = new LinkedHashSet<>();
    private RunLimits limits = RunLimits.USUAL;
    private Optional<Concurrency> concurrency = Optional.empty();
    private boolean open = true;

    PipelineDefinition(String pipeline) {
        this.pipeline = Names.check("pipeline", pipeline);
    }

    /**
     * Starts runs on these, too. Without any, only people start runs.
     *
     * @param more what starts a run
     */
    public void on(Trigger... more) {
        checkOpen();
        triggers.addAll(List.of(more));
    }

    /**
     * Limits the time of a run: what still goes on then is stopped, what has not begun never does, and the stages that clean up run. Waiting for people counts. Without a
     * limit, the limits of the stages hold.
     *
     * @param time from the run's beginning; more than zero, at most 365 days
     */
    public void within(Duration time) {
        checkOpen();
        limits = new RunLimits(Optional.of(time), limits.cleanUp());
    }

    /**
     * Limits the time that stages which always run, or run on failure, have together in a run that is cancelled or whose time is over, from when all else
     * has stopped; one hour unless said otherwise.
     *
     * @param time more than zero, at most seven days
     */
    public void cleaningUpWithin(Duration time) {
        checkOpen();
        limits = new RunLimits(limits.within(), time);
    }

    /**
     * Something that a person who starts a run may say; one line of text, unless it is said to be something else.
     *
     * @param name what it is called, by the rule for names of stages
     * @return the parameter
     */
    public ParameterHandle parameter(String name) {
        checkOpen();
        ParameterHandle parameter = new ParameterHandle(this, name);
        if (parameters.put(name, parameter) != null) {
            throw new IllegalArgumentException("parameter name '" + name + "' is taken");
        }
        if (parameters.size() > Parameter.MOST) {
            throw new IllegalArgumentException("a pipeline has at most " + Parameter.MOST + " parameters");
        }
        return parameter;
    }

    /**
     * Returns a value to whoever asks for the run.
     *
     * @param name what to call it
     * @param value the value
     */
    public void returns(String name, ValueHandle<?> value) {
        checkOwns(value.owner(), "value '" + value.output().name() + "' of stage '" + value.stage() + "'");
        returns(name, new Input.Handed(value.stage(), value.output().name()));
    }

    /**
     * Returns an artifact to whoever asks for the run.
     *
     * @param name what to call it
     * @param artifact the artifact
     */
    public void returns(String name, ArtifactHandle artifact) {
        Artifact.File file = artifact.artifact();
        checkOwns(artifact.owner(), "artifact '" + file.name() + "' of stage '" + file.stage() + "'");
        returns(name, file);
    }

    private void returns(String name, Input what) {
        checkOpen();
        if (returns.put(Names.check("return", name), what) != null) {
            throw new IllegalArgumentException("the pipeline returns '" + name + "' twice");
        }
        if (returns.size() > Limits.MOST_ARTIFACTS) {
            throw new IllegalArgumentException("a pipeline returns at most " + Limits.MOST_ARTIFACTS + " things");
        }
    }

    /**
     * Says which runs go on at the same time; all, unless said otherwise. A run asks for its turn before its first stage and keeps it to its end.
     *
     * @param which such as {@code group("ci").perBranch().superseding()}
     */
    public void concurrency(Concurrency which) {
        checkOpen();
        if (concurrency.isPresent()) {
            throw new IllegalArgumentException("pipeline '" + pipeline + "' is in group '"
                    + concurrency.get().group() + "' already and cannot be in group '" + which.group() + "' as well");
        }
        concurrency = Optional.of(which);
    }

    /**
     * The repository at the run's commit.
     *
     * @return something to read
     */
    public SourceHandle source() {
        return new SourceHandle(this);
    }

    /**
     * A stage that builds.
     *
     * @param name the stage's name
     * @param work what it runs
     * @return the stage
     */
    public WorkHandle build(String name, Work work) {
        return add(new WorkHandle(this, name, work, false));
    }

    /**
     * A stage that tests: it also fails when its reports name a failed test.
     *
     * @param name the stage's name
     * @param work what it runs
     * @return the stage
     */
    public WorkHandle test(String name, Work work) {
        return add(new WorkHandle(this, name, work, true));
    }

    /**
     * A stage of Java code, run in a function.
     *
     * @param name the stage's name
     * @param type a public class with a public constructor without arguments
     * @return the stage
     */
    public FunctionHandle function(String name, Class<? extends FunctionStage> type) {
        FunctionHandle.check(name, type);
        FunctionHandle handle = add(new FunctionHandle(this, name, type));
        functions.put(type.getName(), type);
        return handle;
    }

    /**
     * A stage that waits for people.
     *
     * @param name the stage's name
     * @param approvers who decides
     * @return the stage
     */
    public ApprovalHandle approval(String name, Approvers approvers) {
        return add(new ApprovalHandle(this, name, approvers));
    }

    /**
     * A release: artifacts that are deployed together. Deploying the same release to several environments promotes it: each gets the very bytes that the one before got.
     *
     * @param name what to call it, by the rule for names of stages
     * @param artifacts 1 to 20, each of a name of its own; the first is the package, the others lie beside it
     * @return something to deploy
     */
    public ReleaseHandle release(String name, ArtifactHandle... artifacts) {
        checkOpen();
        for (ArtifactHandle handle : artifacts) {
            Artifact.File file = handle.artifact();
            if (handle.owner() != this) {
                throw new IllegalArgumentException("artifact '" + file.name() + "' of stage '" + file.stage()
                        + "' belongs to pipeline '" + handle.owner().pipeline + "' and cannot be of release "
                        + Names.shown(name) + " of pipeline '" + pipeline + "'");
            }
        }
        ReleaseHandle release = new ReleaseHandle(this, name, List.of(artifacts));
        if (!releases.add(name)) {
            throw new IllegalArgumentException(
                    "release name '" + name + "' is taken; the releases so far are: " + String.join(", ", releases));
        }
        return release;
    }

    /**
     * A stage that deploys one artifact, called {@code deploy-} and the environment's name.
     *
     * @param artifact what
     * @param environment where to
     * @return the stage
     */
    public DeployHandle deploy(ArtifactHandle artifact, Environment environment) {
        return deploy("deploy-" + environment.name(), artifact, environment);
    }

    /**
     * A stage that deploys one artifact.
     *
     * @param name the stage's name
     * @param artifact what
     * @param environment where to
     * @return the stage
     */
    public DeployHandle deploy(String name, ArtifactHandle artifact, Environment environment) {
        return deploy(name, ReleaseHandle.of(artifact.owner(), artifact), environment);
    }

    /**
     * A stage that deploys a release, called {@code deploy-} and the environment's name.
     *
     * @param release what
     * @param environment where to
     * @return the stage
     */
    public DeployHandle deploy(ReleaseHandle release, Environment environment) {
        return deploy("deploy-" + environment.name(), release, environment);
    }

    /**
     * A stage that deploys a release.
     *
     * @param name the stage's name
     * @param release what
     * @param environment where to
     * @return the stage
     */
    public DeployHandle deploy(String name, ReleaseHandle release, Environment environment) {
        SelfUpdate.checkOther(name, environment);
        return add(new DeployHandle(this, name, release, environment));
    }

    /**
     * A stage that puts a new version of the team's own package in place: the code that runs this pipeline, called {@code update-self}. Runs that begin from then on are
     * carried out by it; those in flight keep the plan and the code of their stages that they began with. The package brings code, never rights: what needs more of them is
     * installed by a person.
     *
     * <p>It runs only for pushes to branches that triggers of the pipeline name one by one, and only if such a branch is protected; otherwise it is skipped.
     *
     * @param jar the package
     * @return the stage, all at once unless it is told otherwise
     */
    public DeployHandle updateSelf(ArtifactHandle jar) {
        return add(new DeployHandle(this, SelfUpdate.STAGE, ReleaseHandle.of(jar.owner(), jar), Environment.ITSELF));
    }

    /**
     * A group of stages: one stage that ends when enough of them have succeeded. What is {@code after} it, or reads from it, goes on then.
     *
     * @param name the group's name
     * @param policy how many must succeed, and what becomes of the rest
     * @param members the stages, each of one group at most
     * @return the group
     */
    public GroupHandle group(String name, Policy policy, StageHandle<?>... members) {
        if (members.length == 0) {
            throw new IllegalArgumentException("group " + Names.shown(name) + " has no stages");
        }
        GroupHandle group = new GroupHandle(this, name, policy);
        for (StageHandle<?> member : members) {
            group.add(member, GroupHandle.nowhere());
        }
        return add(group.policy(policy));
    }

    /**
     * A stage for each cell of a matrix, and the group of them all.
     *
     * <pre>{@code
     * var tests = p.matrix("unit", axis("java", "17", "21").by("db", "h2", "postgres"), cell ->
     *         p.test(cell.name(), container("maven:" + cell.get("java")).runs("mvn -B verify -Ddb=" + cell.get("db"))));
     * }</pre>
     *
     * @param name the group's name, with which the names of its cells begin
     * @param matrix the axes
     * @param stage defines a cell's stage; called once for each
     * @return the group; all cells must succeed, unless it is told otherwise
     */
    public GroupHandle matrix(String name, Matrix matrix, Function<Cell, ? extends StageHandle<?>> stage) {
        GroupHandle group = new GroupHandle(this, name, Policy.all());
        int ordinal = 0;
        for (SortedMap<String, String> at : matrix.cells()) {
            ordinal++;
            group.add(stage.apply(new Cell(cellName(name, ordinal, at), at)), at);
        }
        return add(group);
    }

    /**
     * A stage for each item of a list that an earlier stage hands on: its cells. How many there are is known only when that stage has ended.
     *
     * <pre>{@code
     * var tests = p.forEach("test", split.value(MODULES), item -> p.test(item.name(),
     *         container("maven:3.9-eclipse-temurin-21").env("MODULE", item).runs("mvn -B verify -pl \"$MODULE\""))).atMost(50);
     * }</pre>
     *
     * @param name the name of the whole, with which the names of its cells begin
     * @param items the list
     * @param stage defines the stage of an item, a build, test or function called {@code item.name()}; called once, here
     * @return the whole; all cells must succeed, unless it is told otherwise
     */
    public FanOutHandle forEach(
            String name, ValueHandle<List<String>> items, Function<ItemHandle, ? extends StageHandle<?>> stage) {
        checkOwns(items.owner(), "list '" + items.output().name() + "' of stage '" + items.stage() + "'", name);
        ItemHandle item = new ItemHandle(
                this, name, new Input.Handed(items.stage(), items.output().name()));
        StageHandle<?> template = stage.apply(item);
        if (!template.name().equals(name) || stages.get(name) != template) {
            throw new IllegalArgumentException("what runs for each item is stage '" + template.name()
                    + "'; define it there and call it item.name(), '" + name + "'");
        }
        if (groups.containsKey(name)) {
            throw new IllegalArgumentException("what runs for each item cannot be of a group: its cells are one");
        }
        FanOutHandle whole = new FanOutHandle(this, item, template);
        stages.remove(name);
        return add(whole);
    }

    private String cellName(String name, int ordinal, SortedMap<String, String> at) {
        String words = String.join("-", at.values())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        String whole = name + "-" + words;
        boolean usable = !words.isEmpty() && whole.length() <= Names.LONGEST && !stages.containsKey(whole);
        return usable ? whole : name + "-" + ordinal;
    }

    void gather(StageHandle<?> stage, GroupHandle group) {
        checkOpen();
        if (stages.get(stage.name()) != stage) {
            throw new IllegalArgumentException(
                    "stage '" + stage.name() + "' is not a stage of pipeline '" + pipeline + "'");
        }
        GroupHandle other = groups.putIfAbsent(stage.name(), group);
        if (other != null) {
            throw new IllegalArgumentException("stage '" + stage.name() + "' is of group '" + other.name()
                    + "' already and cannot be of group '" + group.name() + "', too");
        }
    }

    /**
     * A stage that runs another pipeline, as a run of its own, for the same commit.
     *
     * @param name the stage's name
     * @param child the pipeline; what it returns are this stage's artifacts and values
     * @return the stage
     */
    public ChildHandle child(String name, Pipeline child) {
        ChildHandle.checkDepth(child, pipeline);
        return add(new ChildHandle(this, name, child));
    }

    private <S extends StageHandle<S>> S add(S stage) {
        checkOpen();
        if (stages.containsKey(stage.name())) {
            throw new IllegalArgumentException("stage name '" + stage.name() + "' is taken; the stages so far are: "
                    + String.join(", ", stages.keySet()));
        }
        if (stages.size() == MOST_STAGES) {
            throw new IllegalArgumentException("a pipeline has at most " + MOST_STAGES + " stages");
        }
        stages.put(stage.name(), stage);
        return stage;
    }

    void checkOpen() {
        if (!open) {
            throw new IllegalStateException("pipeline '" + pipeline
                    + "' is defined already; its stages can be changed inside Pipeline.define only");
        }
    }

    void checkOwns(PipelineDefinition other, String what, String user) {
        if (other != this) {
            throw new IllegalArgumentException(what + " belongs to pipeline '" + other.pipeline
                    + "' and cannot be used by stage '" + user + "' of pipeline '" + pipeline + "'");
        }
    }

    private void checkOwns(PipelineDefinition other, String what) {
        if (other != this) {
            throw new IllegalArgumentException(what + " belongs to pipeline '" + other.pipeline
                    + "' and cannot be returned by pipeline '" + pipeline + "'");
        }
    }

    private List<Parameter> compiledParameters() {
        List<Parameter> compiled =
                parameters.values().stream().map(ParameterHandle::compile).toList();
        for (Parameter parameter : compiled) {
            if (parameter.fallback().isEmpty() && !triggers.isEmpty()) {
                throw new IllegalArgumentException("parameter '" + parameter.name() + "' of pipeline '" + pipeline
                        + "' needs a default: nobody can say it when a push or a change request starts a run");
            }
        }
        return compiled;
    }

    /** Ends the definition; the mistakes that only the whole shows are found here. */
    Plan compile() {
        SelfUpdate.restrict(pipeline, triggers, stages.get(SelfUpdate.STAGE));
        open = false;
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("pipeline '" + pipeline + "' has no stages");
        }
        List<String> last = lastOfTheOrdinary();
        List<Map.Entry<String, List<String>>> edges = new ArrayList<>();
        List<Stage> compiled = new ArrayList<>();
        for (StageHandle<?> stage : stages.values()) {
            List<String> before = stage.predecessors();
            List<String> implied = stage.isCleanUp() && before.isEmpty() ? last : List.of();
            edges.add(Map.entry(stage.name(), implied.isEmpty() ? before : implied));
            compiled.add(stage.compile(stage.needs(implied)));
        }
        FanOuts.check(compiled, returns);
        StageGraph.of(edges).cycle().ifPresent(cycle -> {
            throw new IllegalArgumentException("the stages of pipeline '" + pipeline
                    + "' wait for each other in a cycle: " + String.join(" -> ", cycle));
        });
        TriggerList.check(pipeline, triggers);
        Plan plan = new Plan(
                Plan.FORMAT,
                pipeline,
                triggers,
                compiledParameters(),
                limits,
                concurrency,
                compiled,
                returns,
                Optional.empty());
        int size = plan.bytes().length;
        if (size > Plan.LARGEST) {
            throw new IllegalArgumentException("the plan of pipeline '" + pipeline + "' has " + size
                    + " bytes; at most " + Plan.LARGEST + " are kept");
        }
        return plan;
    }

    SortedMap<String, Class<? extends FunctionStage>> functions() {
        return functions;
    }

    SortedMap<String, Pipeline> children() {
        SortedMap<String, Pipeline> children = new TreeMap<>();
        stages.forEach((name, stage) -> {
            if (stage instanceof ChildHandle child) {
                children.put(name, child.child());
            }
        });
        return Collections.unmodifiableSortedMap(children);
    }

    private List<String> lastOfTheOrdinary() {
        Set<String> last = new LinkedHashSet<>();
        for (StageHandle<?> stage : stages.values()) {
            if (!stage.isCleanUp()) {
                last.add(stage.name());
            }
        }
        for (StageHandle<?> stage : stages.values()) {
            // A group may end before its members have.
            if (!stage.isCleanUp() && !(stage instanceof GroupHandle)) {
                // Nor does what comes after a fan-out wait for all its cells.
                stage.predecessors().stream()
                        .filter(earlier -> !(stages.get(earlier) instanceof FanOutHandle))
                        .forEach(last::remove);
            }
        }
        return List.copyOf(last);
    }
}
