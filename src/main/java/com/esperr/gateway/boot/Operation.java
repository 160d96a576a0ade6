package com.esperr.gateway.boot;

import com.esperr.gateway.admin.AdminConfig;
import com.esperr.gateway.child.ExecConfig;
import com.esperr.gateway.config.Section;
import com.esperr.gateway.explain.ExplainConfig;
import com.esperr.gateway.replay.RecordConfig;
import com.esperr.gateway.rollout.RolloutConfig;
import com.esperr.gateway.telemetry.LogConfig;
import com.esperr.gateway.tracing.TracesConfig;
import com.esperr.gateway.transport.TransportConfig;

/**
 * How the process is run, apart from what it does with requests. Immutable.
 *
 * @param admin the operator port
 * @param log what is written down
 * @param traces the traces it takes part in
 * @param record what is recorded to be shown to other policies
 * @param explain of which requests it is kept why they were answered so
 * @param reload when the configuration is read again
 * @param shutdown how it ends
 * @param handover how the next process takes over
 * @param rollout policies that take the place of others bit by bit
 * @param exec the application, if this runs it
 * @param runtime the threads
 */
record Operation(
        AdminConfig admin,
        LogConfig log,
        TracesConfig traces,
        RecordConfig record,
        ExplainConfig explain,
        ReloadConfig reload,
        ShutdownConfig shutdown,
        HandoverConfig handover,
        RolloutConfig rollout,
        ExecConfig exec,
        TransportConfig runtime) {
    static Operation read(Section root) {
        return new Operation(
                AdminConfig.read(root.section("admin")),
                LogConfig.read(root.section("log")),
                TracesConfig.read(root.section("traces")),
                RecordConfig.read(root.section("record")),
                ExplainConfig.read(root.section("explain")),
                ReloadConfig.read(root.section("reload")),
                ShutdownConfig.read(root.section("shutdown")),
                HandoverConfig.read(root.section("handover")),
                RolloutConfig.read(root.section("rollout")),
                ExecConfig.read(root.section("exec")),
                TransportConfig.read(root.section("runtime")));
    }
}
