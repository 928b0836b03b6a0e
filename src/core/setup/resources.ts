// The resources of the template that carry no policy: provider, bucket, build project and log groups.
import type { Data } from './data.ts'
import { buildImage, keptDays, listLogGroups, standingBuildspec } from './project.ts'
import type { SetupRequest } from './request.ts'

export function describeProvider(request: SetupRequest): Data {
  return {
    Type: 'AWS::IAM::OIDCProvider',
    // An account has one provider for an issuer, and other roles may come to trust it.
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { Url: request.issuer, ClientIdList: [request.audience] },
  }
}

export function describeBucket(request: SetupRequest): Data {
  return {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: request.names.bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'RemoveSupersededArchives',
            Status: 'Enabled',
            NoncurrentVersionExpiration: { NoncurrentDays: keptDays },
            ExpiredObjectDeleteMarker: true,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          },
        ],
      },
    },
  }
}

export function describeProject(request: SetupRequest): Data {
  const [buildLogs = ''] = listLogGroups(request)
  return {
    Type: 'AWS::CodeBuild::Project',
    // A build that starts before its log group exists makes one that keeps its logs for ever.
    DependsOn: 'LogGroup1',
    Properties: {
      Name: request.names.project,
      ServiceRole: { 'Fn::GetAtt': ['BuildServiceRole', 'Arn'] },
      Source: { Type: 'NO_SOURCE', BuildSpec: standingBuildspec },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: buildImage,
        PrivilegedMode: true,
      },
      LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: buildLogs } },
    },
  }
}

export function describeLogGroups(request: SetupRequest): { readonly [key: string]: Data } {
  const groups = listLogGroups(request).map((name, index) => [
    `LogGroup${index + 1}`,
    {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { LogGroupName: name, RetentionInDays: keptDays },
    },
  ])
  return Object.fromEntries(groups)
}
