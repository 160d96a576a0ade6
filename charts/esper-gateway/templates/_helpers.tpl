{{- define "esper-gateway.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "esper-gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.workload }}
{{- end -}}

{{- define "esper-gateway.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "esper-gateway.labels" -}}
{{ include "esper-gateway.selectorLabels" . }}
{{ include "esper-gateway.commonLabels" . }}
{{- end -}}

{{- define "esper-gateway.redisLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: redis
{{- end -}}

{{- define "esper-gateway.isSidecar" -}}
{{- if has .Values.workload (list "sidecar" "classic-sidecar") }}yes{{ end -}}
{{- end -}}

{{- define "esper-gateway.redisUrl" -}}
{{- if .Values.redis.bundled.enabled -}}
redis://{{ include "esper-gateway.fullname" . }}-redis:6379
{{- else -}}
{{ .Values.redis.url }}
{{- end -}}
{{- end -}}

{{- /* How long a pod needs at the most to end, in seconds. */ -}}
{{- define "esper-gateway.termination" -}}
{{- $needed := add .Values.shutdown.preStopSeconds .Values.shutdown.graceSeconds .Values.shutdown.drainSeconds 5 -}}
{{- if include "esper-gateway.isSidecar" . -}}
{{- $needed = add $needed .Values.application.terminationSeconds -}}
{{- end -}}
{{- $given := int .Values.shutdown.terminationGracePeriodSeconds -}}
{{- if and $given (lt $given (int $needed)) -}}
{{- fail (printf "shutdown.terminationGracePeriodSeconds: %d (expected: 0, or at least %d: preStopSeconds, graceSeconds, drainSeconds%s and 5)" $given $needed (ternary ", application.terminationSeconds" "" (eq "yes" (include "esper-gateway.isSidecar" .)))) -}}
{{- end -}}
{{- $given | default $needed -}}
{{- end -}}

{{- /* A sleep as a preStop hook: by the kubelet where it can, else by a program of the image. Arguments: root, seconds. */ -}}
{{- define "esper-gateway.sleep" -}}
preStop:
  {{- if semverCompare ">=1.30.0-0" .root.Capabilities.KubeVersion.Version }}
  sleep:
    seconds: {{ .seconds }}
  {{- else }}
  exec:
    command: ["sleep", {{ .seconds | toString | quote }}]
  {{- end }}
{{- end -}}
