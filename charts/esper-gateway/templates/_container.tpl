{{- /* The container of the gateway or the decision service; without the dash of a list, so that a sidecar can say more. */ -}}
{{- define "esper-gateway.container" -}}
name: gateway
image: "{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}"
imagePullPolicy: {{ .Values.image.pullPolicy }}
args: [{{ eq .Values.workload "server" | ternary "server" "run" | quote }}]
env:
  - name: ESPER_CONFIG
    value: /etc/esper-gateway/conf/gateway.conf
  {{- include "esper-gateway.secretEnv" (dict "name" "ESPER_API_KEY" "from" .Values.secrets.apiKey) | nindent 2 }}
  {{- include "esper-gateway.secretEnv" (dict "name" "ESPER_CHALLENGE_PASS_KEY" "from" .Values.secrets.passKey) | nindent 2 }}
  {{- include "esper-gateway.secretEnv" (dict "name" "ESPER_CHALLENGE_PASS_PREVIOUS_KEY" "from" .Values.secrets.previousPassKey) | nindent 2 }}
  {{- include "esper-gateway.secretEnv" (dict "name" "ESPER_FORWARD_ATTESTATION_KEY" "from" .Values.secrets.attestationKey) | nindent 2 }}
  {{- include "esper-gateway.secretEnv" (dict "name" "ESPER_STATE_REDIS_PASSWORD" "from" .Values.secrets.redisPassword) | nindent 2 }}
  {{- with .Values.javaOpts }}
  - name: JAVA_OPTS
    value: {{ . | quote }}
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
ports:
  - name: http
    containerPort: 8080
    protocol: TCP
  - name: admin
    containerPort: 9901
    protocol: TCP
{{- if .Values.shutdown.preStopSeconds }}
lifecycle:
  {{- include "esper-gateway.sleep" (dict "root" . "seconds" (int .Values.shutdown.preStopSeconds)) | nindent 2 }}
{{- end }}
startupProbe:
  httpGet:
    path: /startupz
    port: admin
  periodSeconds: 1
  failureThreshold: {{ .Values.probes.startupSeconds }}
livenessProbe:
  httpGet:
    path: /healthz
    port: admin
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  httpGet:
    path: {{ .Values.probes.readinessPath }}
    port: admin
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: ["ALL"]
  seccompProfile:
    type: RuntimeDefault
resources:
  {{- toYaml .Values.resources | nindent 2 }}
volumeMounts:
  - name: config
    mountPath: /etc/esper-gateway/conf
    readOnly: true
  {{- if .Values.policies }}
  - name: policies
    mountPath: /etc/esper-gateway/policies
    readOnly: true
  {{- end }}
  {{- if .Values.secrets.tls.name }}
  - name: tls
    mountPath: /etc/esper-gateway/tls
    readOnly: true
  {{- end }}
  {{- if .Values.secrets.apiKeysFile.name }}
  - name: api-keys
    mountPath: /etc/esper-gateway/api-keys
    readOnly: true
  {{- end }}
  {{- if .Values.secrets.proofKeysFile.name }}
  - name: proof-keys
    mountPath: /etc/esper-gateway/proof-keys
    readOnly: true
  {{- end }}
  - name: data
    mountPath: /opt/esper-gateway/data
  - name: tmp
    mountPath: /tmp
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* A variable whose value is in a Secret, or nothing if none is named. */ -}}
{{- define "esper-gateway.secretEnv" -}}
{{- if .from.name -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .from.name }}
      key: {{ .from.key }}
{{- end -}}
{{- end -}}

{{- /* The container of the application beside a gateway. */ -}}
{{- define "esper-gateway.application" -}}
{{- with .Values.application }}
name: application
image: {{ .image | quote }}
imagePullPolicy: {{ .pullPolicy }}
{{- with .command }}
command:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
env:
  - name: PORT
    value: {{ .port | toString | quote }}
  {{- with .env }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .livenessProbe }}
livenessProbe:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .readinessProbe }}
readinessProbe:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .startupProbe }}
startupProbe:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .volumeMounts }}
volumeMounts:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- /* A native sidecar ends after the application, so that has to stay only until the endpoints are gone. A classic one is told to end at
the same moment, and has to find the application there until it has drained. */}}
{{- $stay := add .Values.shutdown.preStopSeconds .Values.shutdown.graceSeconds (eq .Values.workload "sidecar" | ternary 0 .Values.shutdown.drainSeconds) }}
{{- if gt (int $stay) 0 }}
lifecycle:
  {{- include "esper-gateway.sleep" (dict "root" . "seconds" (int $stay)) | nindent 2 }}
{{- end }}
{{- end -}}
